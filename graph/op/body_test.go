package op

import (
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// cube is a body as users write them: y = x³, with a gradient of stock operations.
type cube struct{}

func (cube) String() string { return "cube" }

func (cube) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }

func (cube) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if out.Dtype() == tensor.Float32 {
		cubed(Elements[float32](in[0]), Elements[float32](out))
	} else {
		cubed(Elements[float64](in[0]), Elements[float64](out))
	}
	return nil
}

func cubed[T float32 | float64](x, y []T) {
	for i, x := range x {
		y[i] = x * x * x
	}
}

// Gradients is dx = 3 x² dy, as a body too.
func (cube) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := Apply(cubeSlope{}, in[0], grad)
	return gorgonia.Nodes{dx}, err
}

type cubeSlope struct{ cube }

func (cubeSlope) String() string { return "slope of cube" }

func (cubeSlope) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if out.Dtype() == tensor.Float32 {
		slopeOfCube(Elements[float32](in[0]), Elements[float32](in[1]), Elements[float32](out))
	} else {
		slopeOfCube(Elements[float64](in[0]), Elements[float64](in[1]), Elements[float64](out))
	}
	return nil
}

func slopeOfCube[T float32 | float64](x, dy, dx []T) {
	for i := range dx {
		dx[i] = 3 * x[i] * x[i] * dy[i]
	}
}

// chosen is the sum over the rows of the element that the label names: a body with an input of integers and a scalar
// result.
type chosen struct{}

func (chosen) String() string { return "chosen" }

func (chosen) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) != 2 || len(in[1]) != 1 || in[0][0] != in[1][0] {
		return nil, errors.Errorf("shapes %v and %v don't fit", in[0], in[1])
	}
	return tensor.ScalarShape(), nil
}

func (chosen) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if out.Dtype() == tensor.Float32 {
		choose(Elements[float32](in[0]), Elements[int](in[1]), Elements[float32](out))
	} else {
		choose(Elements[float64](in[0]), Elements[int](in[1]), Elements[float64](out))
	}
	return nil
}

func choose[T float32 | float64](x []T, labels []int, sum []T) {
	classes := len(x) / len(labels)
	sum[0] = 0
	for row, label := range labels {
		sum[0] += x[row*classes+label]
	}
}

func (chosen) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := Apply(chosenGrad{}, in[0], in[1], grad)
	return gorgonia.Nodes{dx, nil}, err
}

type chosenGrad struct{}

func (chosenGrad) String() string { return "gradient of chosen" }

func (chosenGrad) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }

func (chosenGrad) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if out.Dtype() == tensor.Float32 {
		spread(Elements[int](in[1]), Elements[float32](in[2]), Elements[float32](out))
	} else {
		spread(Elements[int](in[1]), Elements[float64](in[2]), Elements[float64](out))
	}
	return nil
}

func spread[T float32 | float64](labels []int, grad, dx []T) {
	classes := len(dx) / len(labels)
	clear(dx)
	for row, label := range labels {
		dx[row*classes+label] = grad[0]
	}
}

// short is a body that returns a gradient for one of its two inputs.
type short struct{ cube }

func TestApplyErrors(t *testing.T) {
	g := gorgonia.NewGraph()
	x := node(g, tensor.Float64, 2, 3)
	for _, c := range []struct {
		body Body
		in   []*gorgonia.Node
		want string
	}{
		{nil, []*gorgonia.Node{x}, "op: no body: it is nil"},
		{cube{}, nil, "op: cube: no inputs"},
		{cube{}, []*gorgonia.Node{x, nil}, "op: cube: input 1 is nil"},
		{cube{}, []*gorgonia.Node{node(g, tensor.Int, 2)}, "op: cube: input 0 has elements of type int, want float32 or float64, or int after the first"},
		{cube{}, []*gorgonia.Node{x, node(g, tensor.Bool, 2)}, "op: cube: input 1 has elements of type bool"},
		{cube{}, []*gorgonia.Node{node(g, tensor.Float64, 2, 0)}, "op: cube: input 0 has shape (2, 0), want dimensions of at least 1"},
		{chosen{}, []*gorgonia.Node{x, node(g, tensor.Int, 3)}, "op: chosen: shapes (2, 3) and (3) don't fit"},
	} {
		if n, err := Apply(c.body, c.in...); n != nil || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	y := must(t)(Apply(short{}, x, node(g, tensor.Float64, 2, 3)))
	if _, err := gorgonia.Grad(must(t)(gorgonia.Sum(y)), x); err == nil || !strings.Contains(err.Error(), "op: gradient of cube: 1 nodes for 2 inputs") {
		t.Errorf("error %v", err)
	}
	y = must(t)(Apply(chosenGrad{}, x, node(g, tensor.Int, 2), node(g, tensor.Float64)))
	if _, err := gorgonia.Grad(must(t)(gorgonia.Sum(y)), x); err == nil {
		t.Error("a body without a gradient: no error")
	}
}

func must(t *testing.T) func(n *gorgonia.Node, err error) *gorgonia.Node {
	return func(n *gorgonia.Node, err error) *gorgonia.Node {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// TestElements: the slices are the values' memory, that of scalars too.
func TestElements(t *testing.T) {
	for _, v := range []gorgonia.Value{gorgonia.NewF64(3), tensor.New(tensor.WithBacking([]float64{3, 4}))} {
		e := Elements[float64](v)
		e[0] = 5
		if len(e) != v.Shape().TotalSize() && !v.Shape().IsScalar() || Elements[float64](v)[0] != 5 {
			t.Errorf("%d elements of %v", len(e), v)
		}
	}
	if e := Elements[float32](gorgonia.NewF32(3)); len(e) != 1 || e[0] != 3 {
		t.Errorf("elements %v of a float32", e)
	}
	if e := Elements[int](gorgonia.NewI(3)); len(e) != 1 || e[0] != 3 {
		t.Errorf("elements %v of an int", e)
	}
	v := gorgonia.Value(tensor.New(tensor.WithBacking([]float32{1, 2})))
	if n := testing.AllocsPerRun(100, func() { Elements[float32](v)[0]++ }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
