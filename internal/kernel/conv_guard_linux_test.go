package kernel

import (
	"math/rand/v2"
	"testing"
)

// TestConvStaysInside lets every operand end, or start, at memory that may not be touched.
func TestConvStaysInside(t *testing.T) {
	forEachType(t, testConvStaysInside[float32], testConvStaysInside[float64])
}

func testConvStaysInside[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for i, s := range append(convShapes(r, 40), square(3, 8, 32, 20, 3, 1, 1), square(16, 8, 64, 16, 3, 1, 1)) {
		before := i%4 == 0
		nx, nw, ny := convSizes(s)
		x, w, y := fenced[T](t, nx, before), fenced[T](t, nw, before), fenced[T](t, ny, before)
		dx, dw := fenced[T](t, nx, before), fenced[T](t, nw, before)
		ConvForward(s, x, w, y, Epilogue[T]{Bias: fenced[T](t, s.K, before)})
		ConvBackwardData(s, y, w, dx)
		ConvBackwardWeights(s, x, y, dw)
	}
}
