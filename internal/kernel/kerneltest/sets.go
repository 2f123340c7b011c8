package kerneltest

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel"
)

// ForEachSet runs f under each kernel set and reports by name the ones that this machine lacks.
func ForEachSet(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	defer kernel.Use(kernel.Active().String())
	for s := range kernel.Set(kernel.Sets) {
		t.Run(s.String(), func(t *testing.T) {
			if err := kernel.Use(s.String()); err != nil {
				t.Skipf("not tested: %v", err)
			}
			f(t)
		})
	}
}

// ForEachType runs f for both element types in each kernel set.
func ForEachType(t *testing.T, f32, f64 func(t *testing.T)) {
	t.Helper()
	ForEachSet(t, func(t *testing.T) {
		t.Run("float32", f32)
		t.Run("float64", f64)
	})
}
