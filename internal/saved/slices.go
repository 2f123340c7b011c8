package saved

import (
	"slices"

	"github.com/fallline/fallline/vector"
)

// length is the number of elements of a slice that a file can hold, and 0 for anything else, which saving then refuses.
func length(data any) int {
	switch d := data.(type) {
	case []float32:
		return len(d)
	case []float64:
		return len(d)
	case []int64:
		return len(d)
	}
	return 0
}

// Copy is a copy of a slice that a file can hold; anything else is itself.
func Copy(data any) any {
	switch d := data.(type) {
	case []float32:
		return slices.Clone(d)
	case []float64:
		return slices.Clone(d)
	case []int64:
		return slices.Clone(d)
	}
	return data
}

// Assign copies between two such slices of one length, of one type, or both of floats.
func Assign(to, from any) {
	if whole, ok := to.([]int64); ok {
		copy(whole, from.([]int64))
		return
	}
	vector.Assign(to, from)
}
