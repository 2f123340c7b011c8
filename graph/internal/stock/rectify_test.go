package stock

import (
	"math"
	"testing"
)

// TestRectifier checks the signs: 0 and −0 count as not negative, as in gorgonia.Rectify.
func TestRectifier(t *testing.T) {
	x := []float64{-2, -1e-300, math.Copysign(0, -1), 0, 1e-300, 3, math.Inf(1), math.Inf(-1)}
	want := []float64{0, 0, 1, 1, 1, 1, 1, 0}
	y := []float64{1, 1, 1, 1, 1, 1, 1, 1}
	z := make([]float64, len(x))
	keepWhereNotNegative(x, y, z)
	z32 := make([]float32, len(x))
	x32 := make([]float32, len(x))
	for i, v := range x {
		x32[i] = float32(v)
	}
	x32[1], x32[4] = -1e-40, 1e-40
	keepWhereNotNegative(x32, []float32{1, 1, 1, 1, 1, 1, 1, 1}, z32)
	for i := range x {
		if z[i] != want[i] || float64(z32[i]) != want[i] {
			t.Errorf("at %v: %v in float64, %v in float32, want %v", x[i], z[i], z32[i], want[i])
		}
	}
}
