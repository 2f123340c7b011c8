package mend

import (
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/gorgonia"
)

// diffPow is the derivative of z = x^y, of which either may be a scalar:
//
//	dx = y x^(y−1) dz, 0 where y = 0
//	dy = z ln x dz, 0 where x = 0 and y ≥ 0
//
// Gorgonia's gives NaN in the two special cases. It also calls Log on x, which changes x's node where that is 1+a or a
// softmax.
func diffPow(in gorgonia.Nodes, z, dz *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := Gradient{name: "slope of x^y by x", like: 2, f32: stock.PowByBase[float32], f64: stock.PowByBase[float64]}.apply(in[0], in[1], dz)
	if err != nil {
		return nil, err
	}
	dy, err := Gradient{name: "slope of x^y by y", like: 3, f32: stock.PowByExponent[float32], f64: stock.PowByExponent[float64]}.apply(in[0], in[1], z, dz)
	if err != nil {
		return nil, err
	}
	d := gorgonia.Nodes{dx, dy}
	for i, n := range d {
		if in[i].IsScalar() && !n.IsScalar() {
			if d[i], err = gorgonia.Sum(n); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}
