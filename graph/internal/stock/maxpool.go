package stock

import (
	"math"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// maxPoolKernel is the kernel of a maximum over windows, which is NaN where a window has one. Gorgonia's own takes the
// padding of the south for the north's, knows no −Inf and no NaN, and holds the batch of its graph.
func maxPoolKernel[T kernel.Float](p gate.Window) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		s, o := in[0].Shape(), out.Shape()
		want("result", o[0]*o[1], s[0]*s[1])
		for c := range s[0] * s[1] {
			image := x[c*s[2]*s[3]:][:s[2]*s[3]]
			for i := range o[2] {
				for j := range o[3] {
					best := T(math.Inf(-1))
					if k := topOf(p, image, s[2], s[3], i, j); k >= 0 {
						best = image[k]
					}
					y[(c*o[2]+i)*o[3]+j] = best
				}
			}
		}
	}
}

// maxPoolGradKernel is the kernel of its gradient, by the argument, the result and its gradient: the first of equal
// numbers gets all.
func maxPoolGradKernel[T kernel.Float](p gate.Window) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, dy, dx := tensors.Elements[T](in[0]), tensors.Elements[T](in[2]), tensors.Elements[T](out)
		s, o := in[0].Shape(), in[2].Shape()
		want("gradient", o[0]*o[1], s[0]*s[1])
		clear(dx)
		for c := range s[0] * s[1] {
			image, slope := x[c*s[2]*s[3]:][:s[2]*s[3]], dx[c*s[2]*s[3]:][:s[2]*s[3]]
			for i := range o[2] {
				for j := range o[3] {
					if k := topOf(p, image, s[2], s[3], i, j); k >= 0 {
						slope[k] += dy[(c*o[2]+i)*o[3]+j]
					}
				}
			}
		}
	}
}

// topOf is the place of the first largest number in window (i, j) of an image of rows × cols, or −1 of a window outside
// of it.
func topOf[T kernel.Float](p gate.Window, image []T, rows, cols, i, j int) int {
	top, left := i*p.Down-p.North, j*p.Right-p.West
	best := -1
	for y := max(top, 0); y < min(top+p.H, rows); y++ {
		for x := max(left, 0); x < min(left+p.W, cols); x++ {
			k := y*cols + x
			if v := image[k]; best < 0 || v > image[best] || v != v {
				if best = k; v != v {
					return k
				}
			}
		}
	}
	return best
}
