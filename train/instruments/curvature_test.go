package instruments_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train/instruments"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// TestCurvatureOfAQuadratic holds the eigenvalue, the vector and the figures where they are known, with pieces of 512
// and one of 88.
func TestCurvatureOfAQuadratic(t *testing.T) {
	for _, c := range []struct {
		a             []float64
		want, extreme float64
		at            int // of the eigenvector
	}{
		{[]float64{1, 7, 3}, 7, 7, 1},
		{[]float64{2, -9, 5}, 5, -9, 2},
		{[]float64{-2, -9, -5}, -2, -9, 0},
		{[]float64{0, 0, 0}, 0, 0, -1},
	} {
		for dt, close := range map[vector.Type]float64{vector.Float64: 1e-8, vector.Float32: 1e-4} {
			obj := newBowl(dt, 600, c.a...)
			w := vectorOf(obj, 1, -2, 0.5)
			before := w.Clone()
			s, err := instruments.Curvature{Iterations: 200, Tolerance: 1e-12, Seed: 3}.Measure(context.Background(), obj, w)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(s.Eigenvalue-c.want) > 9*close || math.Abs(s.Extreme-c.extreme) > 9*close {
				t.Errorf("%v of %v: %+v, want %v and %v", c.a, dt, s, c.want, c.extreme)
			}
			if dt == vector.Float64 && (!s.Converged || s.Residual > 1e-4) {
				t.Errorf("%v: %+v", c.a, s)
			}
			if math.Abs(s.Vector.Norm()-1) > 1e-6 || c.at >= 0 && math.Abs(math.Abs(s.Vector.At(c.at))-1) > 1e-3 {
				t.Errorf("%v of %v: vector %v %v", c.a, dt, s.Vector.F64, s.Vector.F32)
			}
			if s.Gradients != int64(2*600*s.Iterations) || obj.calls != 4*s.Iterations {
				t.Errorf("%v: %d gradients in %d calls for %d products", c.a, s.Gradients, obj.calls, s.Iterations)
			}
			for i := range c.a {
				if w.At(i) != before.At(i) {
					t.Error("the weights have changed")
				}
			}
		}
	}
}

// TestCurvatureOfANetwork compares with the eigenvalues of the whole Hessian, by PyTorch.
func TestCurvatureOfANetwork(t *testing.T) {
	var golden struct {
		Points []struct {
			X, Weights      []float64
			Labels          []int
			Least, Greatest float64
		}
	}
	text := must(os.ReadFile("testdata/hessian.json"))
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	for i, p := range golden.Points {
		x := make([]float32, len(p.X))
		for k, v := range p.X {
			x[k] = float32(v)
		}
		d := must(datasets.NewExamples([]int{3}, x, p.Labels, 3))
		for _, c := range []struct {
			options []nn.Option
			epsilon float64
			close   float64
		}{{[]nn.Option{nn.Float64()}, 1e-5, 1e-6}, {nil, 0, 4e-3}} {
			m := must(nn.Build(nn.Sequential(nn.Dense(4), nn.Tanh(), nn.Dense(3)), []int{3}, nn.SoftmaxCrossEntropy, c.options...))
			k := 0
			for _, r := range m.Weights().Ranges {
				for at := r.Lo; at < r.Hi; at++ {
					m.Weights().Set(at, p.Weights[k])
					k++
				}
			}
			obj := objective(t, m, d)
			s, err := instruments.Curvature{Iterations: 4000, Tolerance: 1e-12, Epsilon: c.epsilon}.Measure(context.Background(), obj, m.Weights())
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(s.Eigenvalue-p.Greatest) > c.close {
				t.Errorf("point %d: %v, want %v", i, s.Eigenvalue, p.Greatest)
			}
			extreme := p.Greatest
			if -p.Least > extreme {
				extreme = p.Least
			}
			if math.Abs(s.Extreme-extreme) > c.close {
				t.Errorf("point %d: the eigenvalue of the greatest magnitude is %v, want %v", i, s.Extreme, extreme)
			}
		}
	}
}

func TestCurvatureOfSomeExamples(t *testing.T) {
	obj := newBowl(vector.Float64, 100, 1, 2)
	s, err := instruments.Curvature{Examples: 10, Iterations: 5, Tolerance: 1e-9}.Measure(context.Background(), obj, obj.NewVector())
	if err != nil || s.Gradients != int64(20*s.Iterations) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestBadCurvature(t *testing.T) {
	obj := newBowl(vector.Float64, 10, 1, 2)
	other := newBowl(vector.Float64, 10, 1, 2, 3)
	good := instruments.DefaultCurvature
	with := func(f func(*instruments.Curvature)) instruments.Curvature { c := good; f(&c); return c }
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	failing := newBowl(vector.Float64, 10, 1, 2)
	failing.fail = errors.New("no data")
	for _, c := range []struct {
		ctx  context.Context
		c    instruments.Curvature
		obj  solvers.Objective
		w    *vector.Vector
		want string
	}{
		{nil, good, obj, obj.NewVector(), "instruments: curvature: no context: it is nil"},
		{context.Background(), good, nil, obj.NewVector(), "instruments: curvature: no objective or no weights: nil"},
		{context.Background(), good, obj, nil, "instruments: curvature: no objective or no weights: nil"},
		{context.Background(), good, obj, other.NewVector(), "instruments: curvature: the weights do not fit the objective: vector: "},
		{context.Background(), with(func(c *instruments.Curvature) { c.Iterations = 0 }), obj, obj.NewVector(), "instruments: curvature: 0 iterations, want at least 1"},
		{context.Background(), with(func(c *instruments.Curvature) { c.Tolerance = 0 }), obj, obj.NewVector(), "instruments: curvature: tolerance 0 outside (0, Inf)"},
		{context.Background(), with(func(c *instruments.Curvature) { c.Epsilon = math.NaN() }), obj, obj.NewVector(), "instruments: curvature: epsilon NaN outside [0, Inf)"},
		{context.Background(), with(func(c *instruments.Curvature) { c.Examples = 11 }), obj, obj.NewVector(), "instruments: curvature: 11 examples, want 1 to 10, or 0 for all"},
		{cancelled, good, obj, obj.NewVector(), "instruments: curvature: context canceled"},
		{context.Background(), good, failing, obj.NewVector(), "instruments: curvature: no data"},
		{context.Background(), good, newBowl(vector.Float64, 10, math.Inf(1), 2), obj.NewVector(), "instruments: curvature: the loss has no finite curvature: "},
	} {
		_, err := c.c.Measure(c.ctx, c.obj, c.w)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
