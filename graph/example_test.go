package graph_test

import (
	"fmt"
	"log"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// line is the mean square error of w x + b.
func line(x, y []float64) (cost, xs, ys, prediction *gorgonia.Node, params gorgonia.Nodes) {
	g := gorgonia.NewGraph()
	vector := func(name string, v []float64) *gorgonia.Node {
		return gorgonia.NewVector(g, gorgonia.Float64, gorgonia.WithName(name), gorgonia.WithShape(len(v)),
			gorgonia.WithValue(tensor.New(tensor.WithBacking(v))))
	}
	xs, ys = vector("x", x), vector("y", y)
	w := gorgonia.NewScalar(g, gorgonia.Float64, gorgonia.WithName("w"), gorgonia.WithValue(0.0))
	b := gorgonia.NewScalar(g, gorgonia.Float64, gorgonia.WithName("b"), gorgonia.WithValue(0.0))
	prediction = gorgonia.Must(gorgonia.Add(gorgonia.Must(gorgonia.Mul(xs, w)), b))
	cost = gorgonia.Must(gorgonia.Mean(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(prediction, ys))))))
	return cost, xs, ys, prediction, gorgonia.Nodes{w, b}
}

// A program takes the place of a TapeMachine: here one of Gorgonia's own solvers fits a line.
func ExampleCompile() {
	cost, _, _, _, params := line([]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7})
	program, err := graph.Compile(cost, graph.Params(params...))
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.1))
	for range 200 {
		if err := program.RunAll(); err != nil {
			log.Fatal(err)
		}
		if err := solver.Step(gorgonia.NodesToValueGrads(params)); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("y = %.3f x + %.3f\n", params[0].Value().Data(), params[1].Value().Data())
	// Output: y = 2.000 x + 1.000
}

// A program runs at any batch size, whatever the graph was built with.
func ExampleProgram_Let() {
	cost, x, y, prediction, params := line([]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7})
	program, err := graph.Compile(cost, graph.Params(params...), graph.Outputs(prediction))
	if err != nil {
		log.Fatal(err)
	}
	w := program.Weights()
	w.Set(0, 3)
	for _, batch := range [][]float64{{1, 2}, {5}, {0, 1, 2, 3, 4, 5}} {
		v := tensor.New(tensor.WithShape(len(batch)), tensor.WithBacking(batch))
		if err := program.Let(x, v); err != nil {
			log.Fatal(err)
		}
		if err := program.Let(y, v); err != nil {
			log.Fatal(err)
		}
		if err := program.Forward(); err != nil {
			log.Fatal(err)
		}
		fmt.Println(prediction.Value().Data(), program.Cost())
	}
	// Output:
	// [3 6] 10
	// [15] 100
	// [0 3 6 9 12 15] 36.666666666666664
}

// The gradient at another point, for a method that compares two, costs no copy of the weights.
func ExampleProgram_Evaluate() {
	cost, _, _, _, params := line([]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7})
	program, err := graph.Compile(cost, graph.Params(params...))
	if err != nil {
		log.Fatal(err)
	}
	w, g := program.Weights().Clone(), program.Weights().Like()
	for _, slope := range []float64{0, 1, 2} {
		w.Set(0, slope)
		f, err := program.Evaluate(w, g)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("slope %v: cost %v, gradient %v\n", slope, f, g.At(0))
	}
	fmt.Println("own slope:", params[0].Value())
	// Output:
	// slope 0: cost 21, gradient -17
	// slope 1: cost 7.5, gradient -10
	// slope 2: cost 1, gradient -3
	// own slope: 0
}

func ExampleCheckGradient() {
	cost, _, _, _, params := line([]float64{0, 1, 2, 3}, []float64{1, 3, 5, 7})
	fmt.Println(graph.CheckGradient(cost, params))
	// Output: <nil>
}
