package winograd

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestWinogradStaysInside lets every operand end, or start, at memory that may not be touched.
func TestWinogradStaysInside(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		for i, s := range shapes(r, 20) {
			if !Fast() && i%3 != 0 {
				continue // plain Go
			}
			before := i%2 == 0
			nx, nw, ny := convtest.Sizes(s)
			x, w, y := kerneltest.Fenced[float32](t, nx, before), kerneltest.Fenced[float32](t, nw, before), kerneltest.Fenced[float32](t, ny, before)
			dx, dw, dy := kerneltest.Fenced[float32](t, nx, before), kerneltest.Fenced[float32](t, nw, before), kerneltest.Fenced[float32](t, ny, before)
			Forward(s, x, w, y, gemm.Epilogue[float32]{Bias: kerneltest.Fenced[float32](t, s.K, before)}, Pool{})
			BackwardData(s, dy, w, dx, Pool{})
			BackwardWeights(s, x, dy, dw, Pool{})
		}
	})
}
