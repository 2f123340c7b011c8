package mend

import "gorgonia.org/gorgonia"

// diffOuterProduct is the derivative of z = x yᵀ: dx = dz y and dy = dzᵀ x. Gorgonia's takes dzᵀ x for dx.
func diffOuterProduct(in gorgonia.Nodes, _, dz *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := gorgonia.Mul(dz, in[1])
	if err != nil {
		return nil, err
	}
	dy, err := gorgonia.Mul(in[0], dz)
	return gorgonia.Nodes{dx, dy}, err
}
