package graph

import (
	"fmt"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
)

// mendMax gives a maximum along axes its derivative: the numbers that are the largest of their group share the group's gradient in equal
// parts. Gorgonia gives each of them the whole.
func mendMax(op gate.Op) derivative {
	along := op.Axes
	return func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		o := gradientOp{name: fmt.Sprint("gradient of max along ", along)}
		o.f32 = func() lowering { return maxGrad[float32](along) }
		o.f64 = func() lowering { return maxGrad[float64](along) }
		dx, err := o.apply(in[0], y, dy)
		return gorgonia.Nodes{dx}, err
	}
}

// lowerMax is the kernel of a maximum along axes. A NaN is the maximum of its group.
func lowerMax[T kernel.Float](along []int) lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := elems[T](in[0]), elems[T](out)
		f := foldingOf(in[0].Shape(), along)
		want("result", len(y), f.groups)
		for _, v := range x {
			if g := f.group(); f.first() || v > y[g] || v != v {
				y[g] = v
			}
			f.step()
		}
	}
}

func maxGrad[T kernel.Float](along []int) lowering {
	var ties []T
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, dy, dx := elems[T](in[0]), elems[T](in[1]), elems[T](in[2]), elems[T](out)
		f := foldingOf(in[0].Shape(), along)
		want("result", len(y), f.groups)
		if len(ties) < len(y) {
			ties = make([]T, len(y))
		}
		clear(ties)
		for i, v := range x {
			dx[i] = 0
			if g := f.group(); v == y[g] || v != v {
				ties[g]++
			}
			f.step()
		}
		f = foldingOf(in[0].Shape(), along)
		for i, v := range x {
			if g := f.group(); v == y[g] || v != v {
				dx[i] = dy[g] / ties[g]
			}
			f.step()
		}
	}
}
