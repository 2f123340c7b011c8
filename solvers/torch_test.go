package solvers

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"gorgonia.org/tensor"
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
		dt:     tensor.Float64,
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

// TestPyTorch holds that trajectories equal those of torch.optim.SGD to 1e-12, with a rate schedule running.
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
	}
	if want := 2 * len(rules); len(d.Runs) != want {
		t.Fatalf("%d golden runs, want %d", len(d.Runs), want)
	}
	for _, want := range d.Runs {
		t.Run(want.Function+"/"+want.Setting, func(t *testing.T) {
			obj := d.quadratic()
			if want.Function == "rosenbrock" {
				obj = rosenbrock(tensor.Float64)
			}
			r, ok := rules[want.Setting]
			if !ok || len(want.Points) != 200 {
				t.Fatalf("golden run of %d points", len(want.Points))
			}
			options := []Option{Rate(schedules.Cosine(want.Rate, want.Rate/10, 250))}
			if r.l2 != 0 {
				options = append(options, L2(r.l2))
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
