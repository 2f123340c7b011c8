package vector

import (
	"math"
	"testing"
)

// TestNotFinite puts a bad number at every place of slices of every length, and takes large numbers for what they are.
func TestNotFinite(t *testing.T) {
	testNotFinite[float32](t, math.MaxFloat32)
	testNotFinite[float64](t, math.MaxFloat64)
}

func testNotFinite[T float32 | float64](t *testing.T, largest T) {
	for n := range 70 {
		for _, fill := range []T{0, 1, largest, -largest} {
			x := make([]T, n)
			for i := range x {
				x[i] = fill
			}
			if at := NotFinite(x); at != -1 {
				t.Errorf("%T, %d times %v: found at %d", fill, n, fill, at)
			}
			for i := range x {
				for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
					x[i] = T(bad)
					if at := NotFinite(x); at != i {
						t.Errorf("%T, %v at %d of %d times %v: found at %d", fill, bad, i, n, fill, at)
					}
				}
				x[i] = fill
			}
		}
	}
}
