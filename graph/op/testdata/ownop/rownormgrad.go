package ownop

import (
	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rowNormGrad is the gradient of rowNorm: inputs dy, x and what the forward pass found.
type rowNormGrad rowNorm

func (r rowNormGrad) String() string { return rowNorm(r).String() + " gradient" }

func (rowNormGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[1], nil }

func (r rowNormGrad) Run(out gorgonia.Value, in []gorgonia.Value) error {
	dy, x, inverse, dx := op.Elements[float64](in[0]), op.Elements[float64](in[1]), op.Elements[float64](in[2]), op.Elements[float64](out)
	features := in[1].Shape()[1]
	for row, inv := range inverse {
		lo, hi := row*features, (row+1)*features
		r.row(dy[lo:hi], x[lo:hi], inv, dx[lo:hi])
	}
	return nil
}

// row is the gradient of one row.
func (r rowNormGrad) row(dy, x []float64, inverse float64, dx []float64) {
	n := float64(len(x))
	mean, _ := moments(x)
	var sum, product float64
	for i, v := range x {
		y := (v - mean) * inverse
		dx[i] = dy[i]
		if r.then.Activation == op.ActReLU && y <= 0 {
			dx[i] = 0
		}
		sum += dx[i] / n
		product += dx[i] * y / n
	}
	for i, v := range x {
		dx[i] = (dx[i] - sum - (v-mean)*inverse*product) * inverse
	}
}
