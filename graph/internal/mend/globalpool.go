package mend

import (
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/gorgonia"
)

// diffGlobalPool is the derivative of a global average pool, which Gorgonia has none of: each pixel gets its part.
func diffGlobalPool(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := Gradient{name: "gradient of a global average pool", f32: stock.GlobalPoolGrad[float32], f64: stock.GlobalPoolGrad[float64]}.apply(in[0], dy)
	return gorgonia.Nodes{dx}, err
}
