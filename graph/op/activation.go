package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// function is a function of one number.
type function uint8

const (
	reluOf function = iota
	sigmoidOf
	tanhOf
)

func (f function) String() string { return [...]string{"relu", "sigmoid", "tanh"}[f] }

// activate applies f element by element to a value of any rank.
func activate(f function, x *gorgonia.Node) (*gorgonia.Node, error) {
	dt, err := operands(f.String(), x)
	if err != nil {
		return nil, err
	}
	return apply(pick(dt, activation[float32]{f}, activation[float64]{f}), x)
}

type activation[T kernel.Float] struct{ function }

func (a activation[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (a activation[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	x, y := data[T](in[0]), data[T](out)
	switch a.function {
	case reluOf:
		kernel.Relu(x, y)
	case sigmoidOf:
		kernel.Sigmoid(x, y)
	case tanhOf:
		kernel.Tanh(x, y)
	}
	return nil
}

func (a activation[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(activationGrad[T](a), out, grad)
	return gorgonia.Nodes{dx}, err
}

func (a activation[T]) fuse(next Body) Body {
	if p, ok := next.(maxPool[T]); ok && a.function == reluOf && !p.relu {
		return newMaxPool[T](p.Pool2DConfig, true)
	}
	return nil
}

// isReLU reports whether b is the ReLU that an operation on elements of type T can take over.
func isReLU[T kernel.Float](b Body) bool {
	a, ok := b.(activation[T])
	return ok && a.function == reluOf
}

// activationGrad is the gradient of an activation by its result y: inputs y and dy, result dx.
type activationGrad[T kernel.Float] struct{ function }

func (a activationGrad[T]) String() string { return a.function.String() + " gradient" }

func (a activationGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (a activationGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	y, dy, dx := data[T](in[0]), data[T](in[1]), data[T](out)
	switch a.function {
	case reluOf:
		kernel.ReluGrad(y, dy, dx)
	case sigmoidOf:
		kernel.SigmoidGrad(y, dy, dx)
	case tanhOf:
		kernel.TanhGrad(y, dy, dx)
	}
	return nil
}

// beforeReLU is the gradient by what a ReLU inside an operation with the result y got, or grad itself without a ReLU.
func beforeReLU[T kernel.Float](relu bool, y, grad *gorgonia.Node) (*gorgonia.Node, error) {
	if !relu {
		return grad, nil
	}
	return apply(activationGrad[T]{reluOf}, y, grad)
}

// withReLU is the name of an operation that may have taken over a ReLU.
func withReLU(name string, relu bool) string {
	if relu {
		return name + "+relu"
	}
	return name
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
