package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Activation is a function of one number.
type Activation uint8

// The activations are those of the operations of these names.
const (
	Identity Activation = iota
	ActReLU
	ActGELU
	ActSigmoid
	ActTanh
)

// String is the activation's name in graphs and errors.
func (a Activation) String() string {
	return [...]string{"identity", "relu", "gelu", "sigmoid", "tanh"}[a]
}

// activate applies an activation element by element to a value of any rank.
func activate(f Activation, x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands(f.String(), x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, activation[float32]{f}, activation[float64]{f}), x)
}

type activation[T kernel.Float] struct{ Activation }

func (a activation[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (a activation[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, y := data[T](in[0]), data[T](out)
	switch a.Activation {
	case ActReLU:
		pointwise.Relu(x, y)
	case ActGELU:
		pointwise.Gelu(x, y)
	case ActSigmoid:
		pointwise.Sigmoid(x, y)
	case ActTanh:
		pointwise.Tanh(x, y)
	}
	return nil
}

// Then is the activation alone.
func (a activation[T]) Then() (Then, bool) { return Then{Activation: a.Activation}, true }

// Fuse lets a ReLU take over a pool.
func (a activation[T]) Fuse(next Description) Description {
	t, ok := Then{Activation: a.Activation}.with(next)
	if !ok || a.Activation != ActReLU {
		return nil
	}
	return maxPool[T]{t}
}

func (a activation[T]) Gradients(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	from := out
	if a.Activation == ActGELU {
		from = in[0]
	}
	dx, err := apply(activationGrad[T](a), from, grad)
	return gorgonia.Nodes{dx}, err
}

// activationGrad is the gradient of an activation: inputs its result y, or x where it is a GELU, and dy; result dx.
type activationGrad[T kernel.Float] struct{ Activation }

func (a activationGrad[T]) String() string { return a.Activation.String() + " gradient" }

func (a activationGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (a activationGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	from, dy, dx := data[T](in[0]), data[T](in[1]), data[T](out)
	switch a.Activation {
	case ActReLU:
		pointwise.ReluGrad(from, dy, dx)
	case ActGELU:
		pointwise.GeluGrad(from, dy, dx)
	case ActSigmoid:
		pointwise.SigmoidGrad(from, dy, dx)
	case ActTanh:
		pointwise.TanhGrad(from, dy, dx)
	}
	return nil
}

// beforeReLU is the gradient by what a ReLU inside an operation with the result y got, or grad itself without a ReLU.
func beforeReLU[T kernel.Float](t Then, y, grad *gorgonia.Node) (*gorgonia.Node, error) {
	if t.Activation != ActReLU {
		return grad, nil
	}
	return apply(activationGrad[T]{ActReLU}, y, grad)
}

// takesReLU is the Then of an operation that can do a ReLU, and nothing else, behind its own work, and takes over next.
func takesReLU(t Then, next Description) (both Then, ok bool) {
	both, ok = t.with(next)
	return both, ok && both.Activation == ActReLU && !both.pools()
}

// sameShape is the shape of the result of an operation that works element by element.
func sameShape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) == 0 {
		return nil, errors.New("input is a scalar, want a tensor")
	}
	for _, s := range in[1:] {
		if !equal(s, in[0]) {
			return nil, errors.Errorf("shapes %v and %v, want the same", in[0], s)
		}
	}
	return slices.Clone(in[0]), nil
}
