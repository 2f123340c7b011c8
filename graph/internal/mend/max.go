package mend

import (
	"fmt"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/gorgonia"
)

// mendMax gives a maximum along axes its derivative: the numbers that are the largest of their group share the group's
// gradient in equal parts. Gorgonia gives each of them the whole.
func mendMax(op gate.Op) derivative {
	along := op.Axes
	return func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		o := Gradient{name: fmt.Sprint("gradient of max along ", along)}
		o.f32 = func() stock.Kernel { return stock.MaxGrad[float32](along) }
		o.f64 = func() stock.Kernel { return stock.MaxGrad[float64](along) }
		dx, err := o.apply(in[0], y, dy)
		return gorgonia.Nodes{dx}, err
	}
}
