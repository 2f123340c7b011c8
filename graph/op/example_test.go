package op_test

import (
	"fmt"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A linear classifier of two classes and its gradient by the weights, in Gorgonia's own machine.
func ExampleAffine() {
	g := gorgonia.NewGraph()
	input := func(name string, shape []int, v []float64) *gorgonia.Node {
		return gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v)), gorgonia.WithName(name))
	}
	x := input("x", []int{2, 3}, []float64{1, 0, 2, 0, 1, 1})
	w := input("w", []int{3, 2}, []float64{1, -1, 0, 2, 1, 0})
	b := input("b", []int{2}, []float64{0, 1})
	y, err := op.Affine(x, w, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	labels := gorgonia.NodeFromAny(g, tensor.New(tensor.WithBacking([]int{0, 1})), gorgonia.WithName("labels"))
	loss, err := op.SoftmaxCrossEntropy(y, labels)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := gorgonia.Grad(loss, w); err != nil {
		fmt.Println(err)
		return
	}
	machine := gorgonia.NewTapeMachine(g)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	grad, err := w.Grad()
	fmt.Printf("%v\nloss %.4f\n%.4f\n%v\n", y.Value(), loss.Value(), grad, err)
	// Output:
	// ⎡3  0⎤
	// ⎣1  3⎦
	//
	// loss 0.0878
	// ⎡-0.0237   0.0237⎤
	// ⎢ 0.0596  -0.0596⎥
	// ⎣ 0.0122  -0.0122⎦
	//
	// <nil>
}

// A graph is compiled for one batch size and runs on any.
func ExampleMaxPool2D() {
	g := gorgonia.NewGraph()
	x := gorgonia.NewTensor(g, tensor.Float32, 4, gorgonia.WithShape(1, 2, 4, 1), gorgonia.WithName("x"))
	y, err := op.MaxPool2D(x, op.Pool2DConfig{KH: 2, KW: 2, StrideH: 2, StrideW: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := graph.Compile(nil, graph.Outputs(y))
	if err != nil {
		fmt.Println(err)
		return
	}
	pixels := []float32{
		1, 2, 3, 4,
		5, 6, 7, 8,
		9, 8, 7, 6,
		5, 4, 3, 2,
	}
	for batch := 1; batch <= 2; batch++ {
		v := tensor.New(tensor.WithShape(batch, 2, 4, 1), tensor.WithBacking(pixels[:8*batch]))
		if err := program.Let(x, v); err != nil {
			fmt.Println(err)
			return
		}
		if err := program.Forward(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(y.Value().Shape(), y.Value().Data())
	}
	// Output:
	// (1, 1, 2, 1) [6 8]
	// (2, 1, 2, 1) [6 8 9 7]
}

// An example's mask depends on its number, not on where in the batch it is.
func ExampleDropout() {
	stream := &op.Stream{Seed: 1, Draw: 1}
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, tensor.Ones(tensor.Float64, 2, 6), gorgonia.WithName("x"))
	y, err := op.Dropout(x, 0.5, stream)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, index := range [][]int32{{17, 42}, {42, 17}} {
		stream.Index = index
		machine := gorgonia.NewTapeMachine(g)
		if err := machine.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(y.Value())
		machine.Close()
	}
	// Output:
	// ⎡0  0  0  0  2  0⎤
	// ⎣2  2  0  2  2  2⎦
	//
	// ⎡2  2  0  2  2  2⎤
	// ⎣0  0  0  0  2  0⎦
}

// Training and evaluation are two graphs with one state.
func ExampleBatchNorm() {
	state, err := op.NewBatchNormState(1, op.DefaultBatchNorm)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, training := range []bool{true, false} {
		g := gorgonia.NewGraph()
		input := func(name string, shape []int, v ...float64) *gorgonia.Node {
			return gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v)), gorgonia.WithName(name))
		}
		x := input("x", []int{3, 1}, 10, 20, 30)
		y, err := op.BatchNorm(x, input("gamma", []int{1}, 1), input("beta", []int{1}, 0), state, training)
		if err != nil {
			fmt.Println(err)
			return
		}
		machine := gorgonia.NewTapeMachine(g)
		if err := machine.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f, running mean %v, variance %.1f\n", y.Value().Data(), state.RunningMean, state.RunningVar)
		machine.Close()
	}
	// Output:
	// [-1.225 0.000 1.225], running mean [2], variance [10.9]
	// [2.423 5.452 8.481], running mean [2], variance [10.9]
}
