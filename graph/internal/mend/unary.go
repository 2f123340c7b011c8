package mend

import (
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// diffInverseSqrt is the derivative of y = 1/√x: dx = −½ y³ dy.
func diffInverseSqrt(_ gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	cube, err := gorgonia.Cube(y)
	if err != nil {
		return nil, err
	}
	slope, err := gorgonia.HadamardProd(cube, scalarLike(y, -0.5))
	if err != nil {
		return nil, err
	}
	dx, err := gorgonia.HadamardProd(slope, dy)
	return gorgonia.Nodes{dx}, err
}

// diffLog2 is the derivative of y = log₂ x: dx = dy / (x ln 2).
func diffLog2(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	scaled, err := gorgonia.HadamardProd(in[0], scalarLike(in[0], math.Ln2))
	if err != nil {
		return nil, err
	}
	dx, err := gorgonia.HadamardDiv(dy, scaled)
	return gorgonia.Nodes{dx}, err
}

// scalarLike is a constant of a node's type.
func scalarLike(n *gorgonia.Node, v float64) *gorgonia.Node {
	if n.Dtype() == tensor.Float32 {
		return gorgonia.NewConstant(float32(v))
	}
	return gorgonia.NewConstant(v)
}
