package solvers

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// golden is what testdata/gen.py wrote.
type golden struct {
	A    [][]float64
	C    []float64
	Runs []struct {
		Function, Setting string
		Start             []float64
		Rate              float64
		Points            [][]float64
	}
}

// quadratic is 1/2 (w−c)ᵀA(w−c).
func (d *golden) quadratic() *function {
	return &function{
		dt:     vector.Float64,
		params: []vector.Param{{Name: "w", Shape: []int{len(d.C)}}},
		f: func(w, g []float64) float64 {
			f := 0.0
			for i := range w {
				g[i] = 0
				for j := range w {
					g[i] += d.A[i][j] * (w[j] - d.C[j])
				}
				f += g[i] * (w[i] - d.C[i]) / 2
			}
			return f
		},
	}
}

// TestPyTorch holds that trajectories equal those of torch.optim to 1e-12, with a rate schedule running.
func TestPyTorch(t *testing.T) {
	data, err := os.ReadFile("testdata/torch.json")
	if err != nil {
		t.Fatal(err)
	}
	var d golden
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	rules := map[string]struct {
		rule Rule
		l2   float64
	}{
		"sgd":              {SGD{}, 0},
		"sgd decay":        {SGD{}, 0.01},
		"heavy ball":       {Momentum{Momentum: 0.9}, 0},
		"heavy ball decay": {Momentum{Momentum: 0.9}, 0.01},
		"dampening":        {Momentum{Momentum: 0.9, Dampening: 0.3}, 0},
		"dampening decay":  {Momentum{Momentum: 0.8, Dampening: 0.5}, 0.1},
		"nesterov":         {NAG{Momentum: 0.9}, 0},
		"nesterov decay":   {NAG{Momentum: 0.9}, 0.01},
		"adagrad":          {DefaultAdaGrad, 0},
		"adagrad initial":  {AdaGrad{Epsilon: 1e-5, Initial: 0.1}, 0},
		"rmsprop":          {DefaultRMSProp, 0},
		"rmsprop centered": {RMSProp{Smoothing: 0.9, Epsilon: 1e-2, Centered: true}, 0},
		"rmsprop momentum": {RMSProp{Smoothing: 0.95, Epsilon: 1e-8, Momentum: 0.9}, 0},
		"rmsprop centered momentum decay": {
			RMSProp{Smoothing: 0.99, Epsilon: 1e-8, Centered: true, Momentum: 0.8}, 0.01},
		"adam":       {DefaultAdam, 0},
		"adam decay": {Adam{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3}, 0.01},
		"adamw":      {DefaultAdamW, 0},
		"adamw fast": {AdamW{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, Decay: 0.3}, 0},
		"amsgrad":    {AMSGrad{Beta1: 0.9, Beta2: 0.95, Epsilon: 1e-8}, 0},

		"lookahead":                {SGD{}, 0},
		"lookahead nesterov decay": {NAG{Momentum: 0.9}, 0.01},
		"lookahead adam":           {DefaultAdam, 0},
	}
	lookaheads := map[string]Option{
		"lookahead":                Lookahead(5, 0.5),
		"lookahead nesterov decay": Lookahead(6, 0.8),
		"lookahead adam":           Lookahead(7, 0.3),
	}
	if want := 2 * len(rules); len(d.Runs) != want {
		t.Fatalf("%d golden runs, want %d", len(d.Runs), want)
	}
	for _, want := range d.Runs {
		t.Run(want.Function+"/"+want.Setting, func(t *testing.T) {
			obj := d.quadratic()
			if want.Function == "rosenbrock" {
				obj = rosenbrock(vector.Float64)
			}
			r, ok := rules[want.Setting]
			if !ok || len(want.Points) != 200 {
				t.Fatalf("golden run of %d points", len(want.Points))
			}
			options := []Option{Rate(schedules.Cosine(want.Rate, want.Rate/10, 250))}
			if r.l2 != 0 {
				options = append(options, L2(r.l2))
			}
			if o := lookaheads[want.Setting]; o != nil {
				options = append(options, o)
			}
			run := open(t, solver(t, r.rule, options...), obj, want.Start, nil)
			for i, point := range want.Points {
				next(t, run, 1)
				for j, x := range values(run.Weights()) {
					if e := math.Abs(x - point[j]); !(e <= 1e-12*max(1, math.Abs(point[j]))) {
						t.Fatalf("step %d: weight %d is %.17g, PyTorch's %.17g", i, j, x, point[j])
					}
				}
			}
		})
	}
}
