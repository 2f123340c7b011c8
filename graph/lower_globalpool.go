package graph

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"gorgonia.org/gorgonia"
)

// lowerGlobalPool is the kernel of the mean over the pixels of each channel of images (batch, channels, height, width).
func lowerGlobalPool[T kernel.Float]() lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := elems[T](in[0]), elems[T](out)
		n := in[0].Shape()[2:].TotalSize()
		want("result", len(y)*n, len(x))
		for i := range y {
			y[i] = T(pointwise.Sum(x[i*n:(i+1)*n]) / float64(n))
		}
	}
}

// diffGlobalPool is its derivative, which Gorgonia has none of: each pixel gets its part.
func diffGlobalPool(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := gradientOp{name: "gradient of a global average pool", f32: globalPoolGrad[float32], f64: globalPoolGrad[float64]}.apply(in[0], dy)
	return gorgonia.Nodes{dx}, err
}

func globalPoolGrad[T kernel.Float]() lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		dy, dx := elems[T](in[1]), elems[T](out)
		n := out.Shape()[2:].TotalSize()
		want("gradient", len(dy)*n, len(dx))
		for i, v := range dy {
			pointwise.Fill(v/T(n), dx[i*n:(i+1)*n])
		}
	}
}
