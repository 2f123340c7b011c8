package stock

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// globalPoolKernel is the kernel of the mean over the pixels of each channel of images (batch, channels, height,
// width).
func globalPoolKernel[T kernel.Float]() Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		n := in[0].Shape()[2:].TotalSize()
		want("result", len(y)*n, len(x))
		for i := range y {
			y[i] = T(pointwise.Sum(x[i*n:(i+1)*n]) / float64(n))
		}
	}
}

// GlobalPoolGrad is the kernel of its gradient, by the argument and the result's gradient: each pixel gets its part.
func GlobalPoolGrad[T kernel.Float]() Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		dy, dx := tensors.Elements[T](in[1]), tensors.Elements[T](out)
		n := out.Shape()[2:].TotalSize()
		want("gradient", len(dy)*n, len(dx))
		for i, v := range dy {
			pointwise.Fill(v/T(n), dx[i*n:(i+1)*n])
		}
	}
}
