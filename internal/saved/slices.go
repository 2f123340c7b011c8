package saved

import "slices"

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

// Assign copies between slices of the same type and length.
func Assign(to, from any) {
	switch to := to.(type) {
	case []float32:
		copy(to, from.([]float32))
	case []float64:
		copy(to, from.([]float64))
	case []int64:
		copy(to, from.([]int64))
	}
}
