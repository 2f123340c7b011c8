package forgorgonia

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestNewRefuses holds that what can't be used step by step is known when the solver is made.
func TestNewRefuses(t *testing.T) {
	rate := solvers.Rate(schedules.Constant(0.1))
	for want, options := range map[string][]solvers.Option{
		"solvers: no learning rate":                 nil,
		"solvers: SVRG evaluates an objective":      {rate, solvers.From(solvers.SVRG{Passes: 2})},
		"solvers: armijo(0.1,0.7,2,1) evaluates an": {solvers.ChooseRate(solvers.DefaultArmijo)},
		"solvers: ema(0) belongs to a run":          {rate, solvers.Average(solvers.EMA{})},
		"solvers: rate cosine(0.1,0,3ep) counts ep": {solvers.Rate(schedules.Cosine(0.1, 0, schedules.Epochs(3)))},
	} {
		_, err := New(solvers.SGD{}, options...)
		wantError(t, err, want)
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

func TestBadModels(t *testing.T) {
	g := G.NewGraph()
	named := G.NewVector(g, tensor.Float64, G.WithShape(3), G.WithInit(G.Ones()), G.WithName("w"))
	nameless := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithInit(G.Ones()))
	empty := G.NewVector(g, tensor.Float64, G.WithShape(2), G.WithName("empty"))
	computed := G.Must(G.Square(named))
	f64 := func(x ...float64) *tensor.Dense { return tensor.New(tensor.WithBacking(x)) }
	ok := &valueGrad{"ok", f64(1, 2), f64(1, 2)}
	column := must[tensor.View](t)(tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4})).Slice(nil, tensor.S(1)))
	for _, c := range []struct {
		model []G.ValueGrad
		want  string
	}{
		{nil, "forgorgonia: a model without parameters"},
		{[]G.ValueGrad{nil}, "forgorgonia: parameter 0 is nil"},
		{[]G.ValueGrad{(*G.Node)(nil)}, "forgorgonia: parameter 0 is nil"},
		{[]G.ValueGrad{ok, nameless}, "forgorgonia: parameter 1 has no name: give it one with gorgonia.WithName"},
		{[]G.ValueGrad{&valueGrad{"", f64(1), f64(1)}}, "forgorgonia: parameter 0 has no name: give it one with gorgonia.WithName"},
		{[]G.ValueGrad{computed}, "forgorgonia: parameter 0, "},
		{[]G.ValueGrad{ok, named, ok}, `forgorgonia: parameters 0 and 2 are both named "ok"`},
		{[]G.ValueGrad{empty}, `forgorgonia: parameter "empty" has no value yet`},
		{[]G.ValueGrad{named}, `forgorgonia: parameter "w": `},
		{[]G.ValueGrad{&valueGrad{"v", f64(1, 2), nil}}, `forgorgonia: gradient of "v" has no value yet`},
		{[]G.ValueGrad{&valueGrad{"v", f64(1, 2), f64(1, 2, 3)}}, `forgorgonia: parameter "v" is (2) of float64 and its gradient (3) of float64`},
		{[]G.ValueGrad{&valueGrad{"v", f64(1), tensor.New(tensor.WithBacking([]float32{1}))}}, `forgorgonia: parameter "v" is () of float64 and its gradient () of float32`},
		{[]G.ValueGrad{&valueGrad{"v", tensor.New(tensor.WithBacking([]int{1})), f64(1)}}, `forgorgonia: parameter "v" is a tensor of int, want float32 or float64`},
		{[]G.ValueGrad{&valueGrad{"v", G.NewI(1), f64(1)}}, `forgorgonia: parameter "v" is a *gorgonia.I, want a dense tensor or a scalar of float32 or float64`},
		{[]G.ValueGrad{&valueGrad{"v", column.(*tensor.Dense), f64(1, 2)}}, `forgorgonia: parameter "v" is a tensor that is not row-major in one piece`},
		{[]G.ValueGrad{&valueGrad{"v", f64(1, 2), f64(1, math.NaN())}}, `solvers: gradient of "v" is NaN (element 1) at iteration 0`},
	} {
		s := newSolver(t, solvers.Momentum{Momentum: 0.9}, solvers.Rate(schedules.Constant(0.1)))
		wantError(t, s.Step(c.model), c.want)
	}
	if x := ok.value.Data().([]float64); x[0] != 1 || x[1] != 2 {
		t.Errorf("a step that failed has moved a parameter to %v", x)
	}
}

func TestBadSteps(t *testing.T) {
	p := &valueGrad{"w", tensor.New(tensor.WithBacking([]float64{1, 2})), tensor.New(tensor.WithBacking([]float64{1, 2}))}
	rate := solvers.Rate(schedules.Constant(0.1))
	s := newSolver(t, solvers.SGD{}, rate)
	if err := s.Step([]G.ValueGrad{p}); err != nil {
		t.Fatal(err)
	}
	p.value, p.grad = tensor.New(tensor.WithBacking([]float32{1, 2})), tensor.New(tensor.WithBacking([]float32{1, 2}))
	wantError(t, s.Step([]G.ValueGrad{p}), `solvers: parameter "w" has changed its size or type since the last step: 2 elements of float32 and 0 of float64 now`)
}
