package pointwise

import (
	"math"
	"testing"

	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestExponent puts a number at every place among smaller ones.
func TestExponent(t *testing.T) {
	for _, c := range []struct {
		x        float64
		f32, f64 int
		finite   bool
	}{
		{0, -126, -1022, true}, {1, 1, 1, true}, {-1, 1, 1, true}, {0.5, 0, 0, true}, {-7.99, 3, 3, true}, {8, 4, 4, true},
		{-math.MaxFloat32, 128, 128, true}, {0x1p-149, -126, -148, true},
		{math.NaN(), 129, 1025, false}, {math.Inf(1), 129, 1025, false}, {math.Inf(-1), 129, 1025, false},
	} {
		for n := range kerneltest.Longest {
			for at := range n {
				x, y := make([]float32, n), make([]float64, n)
				x[at], y[at] = float32(c.x), c.x
				if e, finite := Exponent(x); e != c.f32 || finite != c.finite {
					t.Fatalf("float32 %v at %d of %d: exponent %d, finite %v, want %d, %v", c.x, at, n, e, finite, c.f32, c.finite)
				}
				if e, finite := Exponent(y); e != c.f64 || finite != c.finite {
					t.Fatalf("float64 %v at %d of %d: exponent %d, finite %v, want %d, %v", c.x, at, n, e, finite, c.f64, c.finite)
				}
			}
		}
	}
	if e, finite := Exponent([]float64{0, -math.MaxFloat64}); e != 1024 || !finite {
		t.Errorf("exponent %d, finite %v of the greatest number", e, finite)
	}
	if e, finite := Exponent([]float64{math.Float64frombits(0x7ff0000000000001)}); e != 1025 || finite {
		t.Errorf("exponent %d, finite %v of a NaN in the last bit", e, finite)
	}
}
