package kernel

import (
	"math/rand/v2"
	"testing"
)

// TestWinogradStaysInside lets every operand end, or start, at memory that may not be touched.
func TestWinogradStaysInside(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		for i, s := range winogradShapes(r, 20) {
			before := i%2 == 0
			nx, nw, ny := convSizes(s)
			x, w, y := fenced[float32](t, nx, before), fenced[float32](t, nw, before), fenced[float32](t, ny, before)
			dx, dw, dy := fenced[float32](t, nx, before), fenced[float32](t, nw, before), fenced[float32](t, ny, before)
			k := winogradSets[active]
			winogradForward(k, s, x, w, y, Epilogue[float32]{Bias: fenced[float32](t, s.K, before)}, winogradPool{})
			winogradBackwardData(k, s, dy, w, dx, winogradPool{})
			winogradBackwardWeights(k, s, x, dy, dw, winogradPool{})
		}
	})
}
