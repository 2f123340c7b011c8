package kerneltest

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel"
)

// SetList is the kernel sets of a test.
type SetList []kernel.Set

var (
	// All are all sets.
	All = SetList{kernel.Generic, kernel.SSE2, kernel.AVX2, kernel.AVX512}
	// Faster are those that are compared with the definitions.
	Faster = SetList{kernel.SSE2, kernel.AVX2, kernel.AVX512}
	// Distinct are those that differ in the rooms where sse2 has the definitions alone.
	Distinct = SetList{kernel.Generic, kernel.AVX2, kernel.AVX512}
	// Vectors are those that are compared with the definitions in these rooms.
	Vectors = SetList{kernel.AVX2, kernel.AVX512}
)

// Each runs f under each set and reports by name the ones that this machine lacks.
func (l SetList) Each(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	defer kernel.Use(kernel.Active().String())
	for _, s := range l {
		t.Run(s.String(), func(t *testing.T) {
			if err := kernel.Use(s.String()); err != nil {
				t.Skipf("not tested: %v", err)
			}
			f(t)
		})
	}
}

// EachType runs f for both element types in each set.
func (l SetList) EachType(t *testing.T, f32, f64 func(t *testing.T)) {
	t.Helper()
	l.Each(t, func(t *testing.T) {
		t.Run("float32", f32)
		t.Run("float64", f64)
	})
}

// Memo keeps what is the same in each set, such as what a definition gives.
type Memo[V any] struct{ values map[int]V }

// At returns value i, which make makes the first time.
func (m *Memo[V]) At(i int, make func() V) V {
	v, ok := m.values[i]
	if !ok {
		if m.values == nil {
			m.values = map[int]V{}
		}
		v = make()
		m.values[i] = v
	}
	return v
}
