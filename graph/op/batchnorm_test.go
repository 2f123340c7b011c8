package op

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// normNet is a batch normalisation of (batch, 2) with gamma 1 and beta 0, and its sum as the cost.
func normNet(t *testing.T, s *BatchNormState, training bool, x ...float64) (y, cost *gorgonia.Node, params gorgonia.Nodes) {
	t.Helper()
	g := gorgonia.NewGraph()
	in := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(len(x)/2, 2), tensor.WithBacking(x)), gorgonia.WithName("x"))
	gamma := gorgonia.NodeFromAny(g, tensor.Ones(tensor.Float64, 2), gorgonia.WithName("gamma"))
	beta := gorgonia.NodeFromAny(g, tensor.New(tensor.WithBacking([]float64{0, 0})), gorgonia.WithName("beta"))
	y, err := BatchNorm(in, gamma, beta, s, training)
	if err != nil {
		t.Fatal(err)
	}
	return y, gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(y)))), gorgonia.Nodes{gamma, beta}
}

// TestRunningStatistics follows the statistics by hand: two channels, three rows.
func TestRunningStatistics(t *testing.T) {
	s, err := NewBatchNormState(2, DefaultBatchNorm)
	if err != nil {
		t.Fatal(err)
	}
	// Channel 0: mean 2, variance 2/3 biased and 1 unbiased. Channel 1: mean 20, 200/3 and 100.
	_, cost, params := normNet(t, s, true, 1, 10, 2, 20, 3, 30)
	program, err := graph.Compile(cost, graph.Params(params...))
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, mean, variance []float64) {
		t.Helper()
		compare(t, when+": mean", s.RunningMean, mean, 1e-14)
		compare(t, when+": variance", s.RunningVar, variance, 1e-14)
	}
	expect("after the compile", []float64{0, 0}, []float64{1, 1})
	for range 2 {
		s.MoveStats = false
		if err := program.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	expect("not to move", []float64{0, 0}, []float64{1, 1})
	s.MoveStats = true
	if err := program.RunAll(); err != nil {
		t.Fatal(err)
	}
	expect("one step", []float64{0.2, 2}, []float64{1, 10.9})
	if _, err := program.Evaluate(program.Weights(), program.Gradient()); err != nil {
		t.Fatal(err)
	}
	expect("two steps", []float64{0.38, 3.8}, []float64{1, 19.81})

	y, cost, params := normNet(t, s, false, 5, -5, 0.38, 3.8)
	program, err = graph.Compile(cost, graph.Params(params...), graph.Outputs(y))
	if err != nil {
		t.Fatal(err)
	}
	if err := program.RunAll(); err != nil {
		t.Fatal(err)
	}
	expect("evaluation", []float64{0.38, 3.8}, []float64{1, 19.81})
	compare(t, "y", floats(y.Value()),
		[]float64{(5 - 0.38) / math.Sqrt(1+1e-5), (-5 - 3.8) / math.Sqrt(19.81+1e-5), 0, 0}, 1e-14)

	// A batch of one is legal out of training, and a TapeMachine moves nothing when it is made.
	y, _, _ = normNet(t, s, true, 1, 1, 0, 0)
	vm := gorgonia.NewTapeMachine(y.Graph())
	expect("a new TapeMachine", []float64{0.38, 3.8}, []float64{1, 19.81})
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	expect("a TapeMachine's step", []float64{0.9*0.38 + 0.05, 0.9*3.8 + 0.05}, []float64{0.95, 0.9*19.81 + 0.05})
	y, _, _ = normNet(t, s, false, 1, 2)
	if err := gorgonia.NewTapeMachine(y.Graph()).RunAll(); err != nil {
		t.Errorf("a batch of one in evaluation: %v", err)
	}
}

// TestBatchNormShift checks a channel whose mean is large beside its deviation.
func TestBatchNormShift(t *testing.T) {
	s := state(2)
	x := []float64{1e6, 1, 1e6 + 1, 2, 1e6 + 2, 3, 1e6 + 5, 6}
	y, _, _ := normNet(t, s, true, slices.Clone(x)...)
	if err := gorgonia.NewTapeMachine(y.Graph()).RunAll(); err != nil {
		t.Fatal(err)
	}
	got := floats(y.Value())
	for i := 0; i < len(got); i += 2 {
		if math.Abs(got[i]-got[i+1]) > 1e-9 {
			t.Errorf("row %d: %v and %v, want the same", i/2, got[i], got[i+1])
		}
	}
}
