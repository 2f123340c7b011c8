package train_test

import (
	"math"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
)

// TestLinearObjective holds that a linear model is recognised from its graph, and that residuals and rows give its
// gradient.
func TestLinearObjective(t *testing.T) {
	classes := must(datasets.Blobs(90, 3, 4, 0.3, 4))
	numbers, _, err := datasets.Linear(90, 4, 0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	k := classes.Classes()
	for _, c := range []struct {
		name   string
		data   datasets.Dataset
		net    nn.Layer
		loss   nn.Loss
		linear bool
		random bool
	}{
		{"dense", classes, nn.Dense(k), nn.SoftmaxCrossEntropy, true, false},
		{"flattened", classes, nn.Sequential(nn.Flatten(), nn.Dense(k)), nn.SoftmaxCrossEntropy, true, false},
		{"regression", numbers, nn.Dense(1), nn.MeanSquaredError, true, false},
		{"two layers", classes, nn.Sequential(nn.Dense(5), nn.Dense(k)), nn.SoftmaxCrossEntropy, false, false},
		{"with ReLU", classes, nn.Sequential(nn.Dense(k), nn.ReLU()), nn.SoftmaxCrossEntropy, false, false},
		{"with dropout", classes, nn.Sequential(nn.Dropout(0.5), nn.Dense(k)), nn.SoftmaxCrossEntropy, false, true},
	} {
		for _, options := range [][]nn.Option{nil, {nn.Float64()}} {
			model := must(nn.Build(c.net, c.data.Shape(), c.loss, append(options, nn.Seed(3))...))
			obj := objective(t, model, c.data)
			linear, ok := obj.Linear()
			if ok != c.linear || obj.Random() != c.random {
				t.Errorf("%s: linear %t, random %t", c.name, ok, obj.Random())
			}
			if ok {
				checkLinear(t, c.name, obj, linear, model)
			}
		}
	}
}

// checkLinear compares the outer product of residuals and rows with the model's gradient.
func checkLinear(t *testing.T, name string, obj *train.Objective, linear solvers.LinearObjective, model *nn.Model) {
	w := model.Weights()
	g, outer := obj.NewVector(), obj.NewVector()
	b := batch.Batch{Index: []int32{3, 80, 3, 41, 0}}
	r := make([]float64, len(b.Index)*linear.Outputs())
	want := must(obj.Gradient(w, g, b))
	loss, err := linear.Residuals(w, b, r)
	if err == nil {
		err = linear.AddOuter(outer, b, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	outer.Scale(1 / float64(len(b.Index)))
	outer.Axpy(-1, g)
	limit := 1e-13
	if w.Type() == vector.Float32 {
		limit = 1e-5
	}
	if off := outer.Norm() / g.Norm(); !(off < limit) || math.Abs(loss-want) > limit {
		t.Errorf("%s: gradient off by %v of it, loss %v, want %v", name, off, loss, want)
	}
	size := 8 * int64(obj.Len()*linear.Outputs())
	if m := (solvers.SAGA{}).Memory(obj, 1); m < size || m > size+4096 {
		t.Errorf("%s: SAGA takes %d bytes, want about %d of residuals", name, m, size)
	}
	if _, err := linear.Residuals(w, b, r[:len(r)-1]); err == nil {
		t.Errorf("%s: no room for the residuals is no error", name)
	}
}

// TestSAGAOnALinearModel holds that Fit's SAGA converges on a model from a graph as on residuals.
func TestSAGAOnALinearModel(t *testing.T) {
	data := must(datasets.Blobs(90, 3, 4, 0.3, 4))
	model := must(nn.Build(nn.Dense(data.Classes()), data.Shape(), nn.SoftmaxCrossEntropy, nn.Float64(), nn.Seed(3)))
	obj := objective(t, model, data)
	const lambda = 0.05
	solver := must(solvers.New(solvers.SGD{}, solvers.From(solvers.SAGA{Fill: true}), solvers.Rate(schedules.Constant(0.1)), solvers.L2(lambda)))
	sampler := must(solvers.WithReplacement(data.Len(), 5, 1))
	run := must(solver.Open(obj, model.Weights(), sampler))
	for range 6000 {
		must(run.Next())
	}
	all := batch.Batch{Index: make([]int32, data.Len())}
	for i := range all.Index {
		all.Index[i] = int32(i)
	}
	g := obj.NewVector()
	must(obj.Gradient(model.Weights(), g, all))
	g.Axpy(lambda, model.Weights())
	if !(g.Norm() < 1e-9) {
		t.Errorf("full gradient %v, want below 1e-9", g.Norm())
	}
}
