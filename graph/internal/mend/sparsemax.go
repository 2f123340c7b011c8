package mend

import (
	"fmt"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/gorgonia"
)

// mendSparsemax gives Sparsemax its derivative, which is the mean-free part of the gradient where the result isn't 0.
func mendSparsemax(op gate.Op) derivative {
	axis := op.Axis
	return func(_ gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		o := Gradient{name: fmt.Sprint("gradient of sparsemax along ", axis)}
		o.f32 = func() stock.Kernel { return stock.SparsemaxGrad[float32](axis) }
		o.f64 = func() stock.Kernel { return stock.SparsemaxGrad[float64](axis) }
		dx, err := o.apply(y, dy)
		return gorgonia.Nodes{dx}, err
	}
}
