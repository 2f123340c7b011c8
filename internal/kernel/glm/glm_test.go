package glm

import (
	"math"
	"testing"
)

// TestResiduals compares losses and residuals of many rows with the formulas, at outputs of all sizes.
func TestResiduals(t *testing.T) {
	for _, n := range []int{0, 1, 511, 512, 513, 2000} {
		z, y := make([]float64, n), make([]float64, n)
		logistic, squared := 0.0, 0.0
		for i := range z {
			z[i], y[i] = float64(i%101)-50, float64(2*(i%2)-1)
			logistic += math.Log1p(math.Exp(-y[i] * z[i]))
			squared += (z[i] - y[i]) * (z[i] - y[i]) / 2
		}
		for loss, want := range map[Loss]float64{Logistic: logistic, Squared: squared} {
			r := append([]float64(nil), z...)
			if got := Residuals(loss, r, y); math.Abs(got-want) > 1e-12*(1+want) {
				t.Errorf("loss %d of %d rows: %v, want %v", loss, n, got, want)
			}
			for i := range r {
				if want := loss.Residual(z[i], y[i]); math.Abs(r[i]-want) > 1e-14*math.Abs(want) {
					t.Errorf("loss %d: residual %v at %v, want %v", loss, r[i], z[i], want)
				}
			}
		}
	}
}

// TestResidualsNaN holds that a NaN isn't lost.
func TestResidualsNaN(t *testing.T) {
	for _, loss := range []Loss{Logistic, Squared} {
		z := []float64{1, math.NaN(), 2}
		if f := Residuals(loss, z, []float64{1, 1, -1}); f == f || z[1] == z[1] || z[2] != z[2] {
			t.Errorf("loss %d: %v, residuals %v", loss, f, z)
		}
	}
}
