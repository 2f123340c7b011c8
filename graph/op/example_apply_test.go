package op_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Softplus is a smooth rectifier, element by element on a value of any shape (Dugas et al. 2001).
//
//	y = log(1 + exp(x))    dx = dy/(1 + exp(−x))
func Softplus(x *gorgonia.Node) (*gorgonia.Node, error) { return op.Apply(softplus{}, x) }

type softplus struct{}

func (softplus) String() string { return "softplus" }

func (softplus) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0], nil }

func (softplus) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if out.Dtype() == tensor.Float32 {
		smooth(op.Elements[float32](in[0]), op.Elements[float32](out))
	} else {
		smooth(op.Elements[float64](in[0]), op.Elements[float64](out))
	}
	return nil
}

func (softplus) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	slope, err := op.Sigmoid(in[0])
	if err != nil {
		return nil, err
	}
	dx, err := gorgonia.HadamardProd(slope, grad)
	return gorgonia.Nodes{dx}, err
}

// smooth is y = log(1 + exp(x)), written so that exp doesn't overflow.
func smooth[T float32 | float64](x, y []T) {
	for i, x := range x {
		y[i] = T(max(float64(x), 0) + math.Log1p(math.Exp(-math.Abs(float64(x)))))
	}
}

// An op of one's own, with its gradient checked against differences.
func ExampleApply() {
	g := gorgonia.NewGraph()
	w := gorgonia.NodeFromAny(g, tensor.New(tensor.WithBacking([]float64{-1000, -1, 0, 1, 1000})), gorgonia.WithName("w"))
	y, err := Softplus(w)
	if err != nil {
		fmt.Println(err)
		return
	}
	cost := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(y))))
	if err := graph.CheckGradient(cost, gorgonia.Nodes{w}); err != nil {
		fmt.Println(err)
		return
	}
	program, err := graph.Compile(cost, graph.Outputs(y))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := program.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f\n", y.Value())
	// Output: [   0.0000     0.3133     0.6931     1.3133  1000.0000]
}
