// Package ownop is an operation that a module of somebody else's adds: with a gradient that reads what the forward pass
// found, a fused pair, and a kernel on several threads.
package ownop

import (
	"math"

	"github.com/fallline/fallline/graph/op"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Epsilon is added to the variance of a row.
const Epsilon = 1e-5

// RowNorm takes the mean out of each row and divides by its standard deviation (Ba, Kiros & Hinton 2016, without scale
// and shift).
//
//	y = (x − mean)/√(variance + Epsilon)      x, y (batch, features), of float64
//
//	dx = (dy − mean(dy) − y·mean(dy·y))/√(variance + Epsilon)
func RowNorm(x *gorgonia.Node) (*gorgonia.Node, error) { return op.ApplyExtra(rowNorm{}, x) }

// rowNorm is the operation, and what it does behind its own work.
type rowNorm struct{ then op.Then }

func (r rowNorm) String() string { return "rownorm" + r.then.String() }

func (rowNorm) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) != 2 {
		return nil, errors.Errorf("x has shape %v, want (batch, features)", in[0])
	}
	return in[0], nil
}

// Extras are 1/√(variance + Epsilon) of each row.
func (rowNorm) Extras(in []tensor.Shape) []op.Extra {
	return []op.Extra{{Dtype: tensor.Float64, Shape: tensor.Shape{in[0][0]}}}
}

func (r rowNorm) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	k := &kernel{x: op.Elements[float64](in[0]), y: op.Elements[float64](out), features: in[0].Shape()[1], relu: r.then.Activation == op.ActReLU}
	if extras[0] != nil {
		k.inverse = op.Elements[float64](extras[0])
	}
	op.Parallel(in[0].Shape()[0], k)
	return nil
}

// Fuse takes over a ReLU.
func (r rowNorm) Fuse(next op.Description) op.Description {
	t, ok := op.ThenOf(next)
	if !ok || r.then != (op.Then{}) || t != (op.Then{Activation: op.ActReLU}) {
		return nil
	}
	return rowNorm{t}
}

// Gradients reads y again, or with a ReLU computes it anew from x.
func (r rowNorm) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	inverse, err := op.ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dx, err := op.Apply(rowNormGrad(r), grad, in[0], inverse)
	return gorgonia.Nodes{dx}, err
}

// kernel normalises a row in each part.
type kernel struct {
	x, y, inverse []float64
	features      int
	relu          bool
}

func (k *kernel) Run(row int) {
	lo, hi := row*k.features, (row+1)*k.features
	mean, inverse := moments(k.x[lo:hi])
	if k.inverse != nil {
		k.inverse[row] = inverse
	}
	for i, v := range k.x[lo:hi] {
		k.y[lo+i] = (v - mean) * inverse
		if k.relu {
			k.y[lo+i] = max(k.y[lo+i], 0)
		}
	}
}

// moments are a row's mean and 1/√(variance + Epsilon).
func moments(row []float64) (mean, inverse float64) {
	for _, v := range row {
		mean += v / float64(len(row))
	}
	variance := 0.0
	for _, v := range row {
		variance += (v - mean) * (v - mean) / float64(len(row))
	}
	return mean, 1 / math.Sqrt(variance+Epsilon)
}
