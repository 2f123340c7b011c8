package conv

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// TestWinogradAccuracy compares convolutions of ResNet-9's sizes, on activations that are clipped at zero and filters as they
// are initialised, with float64.
func TestWinogradAccuracy(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, s := range []Shape{
			square(2, 16, 64, 64, 3, 1, 1), square(8, 4, 512, 512, 3, 1, 1), square(128, 8, 48, 16, 3, 1, 1), square(64, 7, 64, 64, 3, 1, 1),
			square(128, 3, 64, 64, 3, 1, 1),
		} {
			if !winogradInUse().fast && (s.C > 100 || testing.Short()) {
				continue // other tests say as much about the definition, and sooner
			}
			c := newConvCase[float32](r, s, 0)
			c.e = gemm.Epilogue[float32]{}
			pointwise.Relu(c.x, c.x)
			pointwise.Scale(float32(math.Sqrt(2/float64(9*s.C))), c.w)
			c.run(t, func() { winograd(c) })
			exact := convCase[float64]{s: s, x: inType[float64](c.x), w: inType[float64](c.w), dy: inType[float64](c.dy),
				y: kerneltest.NewField[float64](len(c.dy), 0, 1), dx: kerneltest.NewField[float64](len(c.x), 0, 1), dw: kerneltest.NewField[float64](len(c.w), 0, 1)}
			exact.passes()
			for i, want := range exact.results() {
				e := relativeError(c.results()[i].Slice(), want.Slice())
				t.Logf("%+v %s: %.2g", s, passNames[i], e)
				if !(e <= 1e-5) {
					t.Errorf("%+v: %s has a relative error of %g", s, passNames[i], e)
				}
			}
		}
	})
}

// relativeError is the norm of the error relative to that of the result.
func relativeError(got []float32, want []float64) float64 {
	var d, n float64
	for i, v := range want {
		d += (float64(got[i]) - v) * (float64(got[i]) - v)
		n += v * v
	}
	return math.Sqrt(d / n)
}
