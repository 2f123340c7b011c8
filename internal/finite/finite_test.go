package finite

import (
	"math"
	"testing"
)

func testNot[T float32 | float64](t *testing.T, most T) {
	for n := range 40 {
		x := make([]T, n)
		for i := range x {
			x[i] = most // their sum overflows
		}
		if at := Not(x); at != -1 {
			t.Errorf("%d finite numbers: %d", n, at)
		}
		for i := range x {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				x[i] = T(bad)
				if at := Not(x); at != i {
					t.Errorf("%v at %d of %d: %d", bad, i, n, at)
				}
				if i+1 < n {
					x[n-1] = T(bad)
					if at := First(x); at != i {
						t.Errorf("%v at %d and %d: the first is %d", bad, i, n-1, at)
					}
					x[n-1] = most
				}
			}
			x[i] = most
		}
	}
}

func TestNot(t *testing.T) {
	testNot[float32](t, math.MaxFloat32)
	testNot[float64](t, math.MaxFloat64)
}
