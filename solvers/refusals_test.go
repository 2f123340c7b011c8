package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// drawn is an Objective whose examples change with the draw.
type drawn struct{ Objective }

func (drawn) Random() bool { return true }

func TestEstimatorsRefuse(t *testing.T) {
	nan := math.NaN()
	one := schedules.Constant(1)
	for _, c := range []struct {
		estimator Estimator
		want      string
	}{
		{SVRG{Passes: -1}, "solvers: SVRG: passes -1 outside (0, Inf)"},
		{LSVRG{P: 1.5}, "solvers: LSVRG: probability 1.5 outside [0, 1]"},
		{LSVRG{P: nan}, "solvers: LSVRG: probability NaN outside [0, 1]"},
		{PAGE{P: -0.1}, "solvers: PAGE: probability -0.1 outside [0, 1]"},
		{SARAH{}, "solvers: SARAH: passes 0 outside (0, Inf)"},
		{SARAH{Passes: 1, Stop: 1}, "solvers: SARAH: stop 1 outside [0, 1)"},
		{STORM{K: 1, W: 1}, "solvers: STORM: C 0 outside (0, Inf)"},
		{STORM{}, "solvers: STORM: neither A nor K, W and C"},
		{STORM{K: 1, A: 1}, "solvers: STORM: both A, and K, W, C"},
		{STORM{A: 2}, "solvers: a 2 outside [0, 1]"},
		{AlphaSVRG{Alpha: 1}, "solvers: AlphaSVRG: passes 0 outside (0, Inf)"},
		{AlphaSVRG{Passes: 1, Alpha: 1.5}, "solvers: alpha 1.5 outside [0, 1]"},
		{AlphaSVRG{Passes: 1, Alpha: nan}, "solvers: alpha NaN outside [0, 1]"},
		{AlphaSVRG{Passes: 1, Alpha: 1, Optimal: 0.9}, "solvers: AlphaSVRG: both Alpha and Optimal"},
		{AlphaSVRG{Passes: 1, Optimal: 1}, "solvers: AlphaSVRG: optimal 1 outside (0, 1)"},
	} {
		_, err := New(SGD{}, Rate(one), From(c.estimator))
		wantError(t, err, c.want)
	}
	obj := newSquares(vector.Float64, 45, 6)
	sampler := must[Sampler](t)(Cyclic(45, 7))
	later := Schedule("alpha", schedules.Then(schedules.Constant(0.5), 2, schedules.Constant(7)))
	run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), From(AlphaSVRG{Passes: 1}), later), obj, make([]float64, 7), nil)
	next(t, run, 2)
	_, err := run.Next()
	wantError(t, err, "solvers: alpha 7 outside [0, 1] at iteration 2 (then(constant(0.5),2,constant(7)))")

	for _, e := range []Estimator{SAGA{}, SAG{}} {
		for _, shown := range []Objective{drawn{obj}, drawn{opaque{obj}}} {
			_, err := solver(t, SGD{}, Rate(one), From(e)).Open(shown, obj.NewVector(), sampler)
			wantError(t, err, "solvers: "+typeName(e)+": a table of gradients doesn't go with examples that are drawn anew each time")
		}
	}
	for _, e := range []Estimator{SAGA{Lock: true}, SAG{Lock: true}, SVRG{Passes: 1}} {
		if _, err := solver(t, SGD{}, Rate(one), From(e)).Open(drawn{obj}, obj.NewVector(), sampler); err != nil {
			t.Errorf("%T: %v", e, err)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	obj := opaque{newSquares(vector.Float64, 45, 6)}
	sampler := must[Sampler](t)(Cyclic(45, 7))
	rate := Rate(schedules.Constant(0.1))
	need := solver(t, SGD{}, rate, From(SAGA{})).Memory(obj, 7)
	if _, err := solver(t, SGD{}, rate, From(SAGA{}), MemoryLimit(need)).Open(obj, obj.NewVector(), sampler); err != nil {
		t.Error(err)
	}
	_, err := solver(t, SGD{}, rate, From(SAGA{}), MemoryLimit(need-1)).Open(obj, obj.NewVector(), sampler)
	wantError(t, err, "solvers: SGD with batches of 7 takes 1512 bytes, 1384 bytes of them what SAGA keeps, over the limit of 1511 bytes: ")
	_, err = New(SGD{}, rate, MemoryLimit(0))
	wantError(t, err, "solvers: memory limit of 0 bytes, want at least 1")
	_, err = New(SGD{}, rate, MemoryLimit(1), MemoryLimit(2))
	wantError(t, err, "solvers: memory limit given twice")

	// The default refuses a table that no machine holds, before anything is made of it.
	if machineMemory() == 0 {
		t.Skip("not tested: the system doesn't tell the machine's memory")
	}
	far := crowd{opaque{newSquares(vector.Float64, 45, 6)}, 1 << 30}
	_, err = solver(t, SGD{}, rate, From(SAGA{})).Open(far, far.NewVector(), &script{n: 1 << 30, batches: [][]int32{{0}}})
	wantError(t, err, "solvers: SGD with batches of 1 takes ")
}

// crowd is an Objective that says it has many examples.
type crowd struct {
	Objective
	n int
}

func (c crowd) Len() int { return c.n }

func TestLipschitzWarns(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	var heard []LongStep
	warn := func(l LongStep) { heard = append(heard, l) }
	rate := schedules.Then(schedules.Then(schedules.Constant(0.01), 3, schedules.Constant(0.06)), 6, schedules.Then(schedules.Constant(0.05), 2, schedules.Constant(0.07)))
	run := open(t, solver(t, SGD{}, Rate(rate), Lipschitz(20, warn)), obj, make([]float64, 7), nil)
	next(t, run, 12)
	if len(heard) != 2 || heard[0].Step != 3 || heard[0].Rate != 0.06 || heard[0].Limit != 0.05 || heard[1].Step != 8 || heard[1].Rate != 0.07 {
		t.Errorf("heard %+v", heard)
	}
	for _, c := range []struct {
		option Option
		want   string
	}{
		{Lipschitz(0, warn), "solvers: Lipschitz constant 0 outside (0, Inf)"},
		{Lipschitz(1, nil), "solvers: Lipschitz: no hook to warn through (nil)"},
	} {
		_, err := New(SGD{}, Rate(rate), c.option)
		wantError(t, err, c.want)
	}
	heard = nil
	set := Katyusha{Passes: 2, Tau1: 0.1, Tau2: 0.5}
	run = open(t, solver(t, SGD{}, Rate(schedules.Constant(0.3)), From(set), Lipschitz(20, warn)), obj, make([]float64, 7), nil)
	next(t, run, 3)
	if len(heard) != 0 {
		t.Errorf("Katyusha's step of 0.03 warns: %+v", heard)
	}
}
