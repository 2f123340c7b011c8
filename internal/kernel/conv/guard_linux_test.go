package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestConvStaysInside lets every operand end, or start, at memory that may not be touched.
func TestConvStaysInside(t *testing.T) {
	kerneltest.Distinct.EachType(t, testConvStaysInside[float32], testConvStaysInside[float64])
}

func testConvStaysInside[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for i, s := range append(convtest.Shapes(r, 40), convtest.Square(3, 8, 32, 20, 3, 1, 1), convtest.Square(16, 8, 64, 16, 3, 1, 1)) {
		before := i%4 == 0
		nx, nw, ny := convtest.Sizes(s)
		x, w, y := kerneltest.Fenced[T](t, nx, before), kerneltest.Fenced[T](t, nw, before), kerneltest.Fenced[T](t, ny, before)
		dx, dw := kerneltest.Fenced[T](t, nx, before), kerneltest.Fenced[T](t, nw, before)
		Forward(s, x, w, y, gemm.Epilogue[T]{Bias: kerneltest.Fenced[T](t, s.K, before)})
		BackwardData(s, y, w, dx)
		BackwardWeights(s, x, y, dw)
	}
}
