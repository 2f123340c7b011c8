package winograd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// TestWinogradAccuracy compares convolutions of ResNet-9's sizes, on activations that are clipped at zero and filters
// as they are initialised, with float64.
func TestWinogradAccuracy(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for i, s := range []direct.Shape{
			convtest.Square(2, 16, 64, 64, 3, 1, 1), convtest.Square(8, 4, 512, 512, 3, 1, 1), convtest.Square(128, 8, 48, 16, 3, 1, 1), convtest.Square(64, 7, 64, 64, 3, 1, 1),
			convtest.Square(128, 3, 64, 64, 3, 1, 1),
		} {
			if !Fast() && i > 0 {
				continue // other tests say as much about the definition, and sooner
			}
			c := convtest.NewCase[float32](r, s, 0)
			c.E = gemm.Epilogue[float32]{}
			pointwise.Relu(c.X, c.X)
			pointwise.Scale(float32(math.Sqrt(2/float64(9*s.C))), c.W)
			c.Run(t, func() { winograd(c) })
			exact := convtest.Case[float64]{S: s, X: convtest.InType[float64](c.X), W: convtest.InType[float64](c.W), Dy: convtest.InType[float64](c.Dy),
				Y: kerneltest.NewField[float64](len(c.Dy), 0, 1), Dx: kerneltest.NewField[float64](len(c.X), 0, 1), Dw: kerneltest.NewField[float64](len(c.W), 0, 1)}
			exact.Direct()
			for i, want := range exact.Results() {
				e := relativeError(c.Results()[i].Slice(), want.Slice())
				t.Logf("%+v %s: %.2g", s, convtest.PassNames[i], e)
				if !(e <= 1e-5) {
					t.Errorf("%+v: %s has a relative error of %g", s, convtest.PassNames[i], e)
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
