package solvers

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// spoilt is an objective whose loss and gradient can be anything.
type spoilt struct {
	*squares
	loss, gradient float64 // 0: as they are
}

func (o *spoilt) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	loss, err := o.squares.Gradient(w, g, b)
	if o.gradient != 0 {
		g.Set(g.Ranges[1].Lo, o.gradient)
	}
	if o.loss != 0 {
		loss = o.loss
	}
	return loss, err
}

func (o *spoilt) Residuals(w *vector.Vector, b batch.Batch, r []float64) (float64, error) {
	loss, err := o.squares.Residuals(w, b, r)
	if o.loss != 0 {
		loss = o.loss
	}
	if o.gradient != 0 {
		r[0] = o.gradient
	}
	return loss, err
}

// finiteState says whether the weights and all that Visit shows are finite.
func finiteState(r *Run) bool { return r.Check() == nil }

// notFinite are the numbers that aren't.
var notFinite = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}

// fault is something that goes wrong in an iteration.
type fault struct {
	name string
	what Quantity // that Diverged is about
	may  bool     // or that ends in finite numbers
	do   func(o *spoilt)
}

// faults are those of an objective's numbers.
func faults(dt vector.Type) []fault {
	var all []fault
	for _, bad := range notFinite {
		all = append(all,
			fault{fmt.Sprint("loss ", bad), Loss, false, func(o *spoilt) { o.loss = bad }},
			fault{fmt.Sprint("gradient ", bad), Gradient, false, func(o *spoilt) { o.gradient = bad }})
	}
	far := []float64{1e20, -1e30, 3e38, 1e-30, -1e-44}
	if dt == vector.Float64 {
		far = []float64{1e100, -1e160, 1e308, 1e-150, -1e-161, 1e-320}
	}
	for _, x := range far {
		all = append(all, fault{fmt.Sprint("gradient ", x), State, true, func(o *spoilt) { o.gradient = x }})
	}
	return all
}

// TestNotFinite holds for every rule with every estimator that a loss or a gradient that isn't finite is a Diverged of
// that name, that a huge or a tiny one is one or does no harm, and that weights, clock and the rule's state are as they
// were after one.
func TestNotFinite(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		for _, e := range estimators {
			for _, f := range faults(dt) {
				o := &spoilt{squares: newSquares(dt, 45, 6)}
				run := open(t, solver(t, r.rule, Rate(schedules.Constant(0.01)), e.from(), Average(EMA{Decay: 0.9}), Lookahead(2, 0.5)),
					e.hide(o), make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
				next(t, run, 3)
				before := save(run)
				w := values(run.Weights())
				f.do(o)
				_, err := run.Next()
				d := new(Diverged)
				if f.may && err == nil {
					if err := run.Check(); err != nil {
						t.Errorf("%s/%s: no error, and then %v", e.name, f.name, err)
					}
					o.gradient = 0
					for range 20 {
						if _, err := run.Next(); err != nil && !errors.As(err, &d) {
							t.Errorf("%s/%s: then error %v", e.name, f.name, err)
						}
						if bad := badNumber(Weight, "", run.Weights(), 0); bad != nil {
							t.Errorf("%s/%s: then %v", e.name, f.name, bad)
						}
					}
					continue
				}
				if !errors.As(err, &d) || !f.may && d.Quantity != f.what || d.Iteration != 3 || d.Moved || d.Value-d.Value == 0 {
					t.Errorf("%s/%s: error %v", e.name, f.name, err)
				}
				if d.Quantity != Loss && d.Parameter == "" && d.Array == "" {
					t.Errorf("%s/%s: %v names nothing", e.name, f.name, err)
				}
				if !slices.Equal(values(run.Weights()), w) {
					t.Errorf("%s/%s: the weights moved", e.name, f.name)
				}
				for name, array := range save(run) {
					was := before[name]
					ours := name == "run.time" || strings.HasPrefix(name, "rule.") || strings.HasPrefix(name, "average/") ||
						strings.HasPrefix(name, "slow/")
					if ours && !equalArrays(array, was) {
						t.Errorf("%s/%s: %s was %v and is %v", e.name, f.name, name, was, array)
					}
				}
			}
		}
	})
}

// TestStateThatIsNotFinite holds for every estimator what TestWeightsAndStateThatAreNotFinite does for every rule.
func TestStateThatIsNotFinite(t *testing.T) {
	for _, e := range estimators {
		for _, dt := range dtypes {
			fresh := func() *Run {
				run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.01)), e.from()), e.hide(newSquares(dt, 45, 6)),
					make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
				next(t, run, 3)
				return run
			}
			fresh().Visit(func(name string, array any) {
				if length(array) == 0 {
					return
				}
				for _, bad := range notFinite {
					run := fresh()
					run.Visit(func(other string, array any) {
						if other == name {
							spoil(array, bad)
						}
					})
					w := values(run.Weights())
					_, err := run.Next()
					d := new(Diverged)
					if !errors.As(err, &d) || d.Quantity != State || !strings.HasPrefix(name, d.Array) || d.Iteration != 3 || d.Moved {
						t.Errorf("%s/%v: %s of %v: error %v", e.name, dt, name, bad, err)
					}
					if !slices.Equal(values(run.Weights()), w) {
						t.Errorf("%s/%v: %s of %v: the weights moved", e.name, dt, name, bad)
					}
				}
			})
		}
	}
}

// TestHugeGradients holds for every rule that a gradient which is huge and finite ends in finite weights and state: by
// a step, or by a Diverged that names what would overflow, with everything as it was.
func TestHugeGradients(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		for _, huge := range []float64{1e12, 1e20, 1e30, -3e38, 1e160, 1e300} {
			if dt == vector.Float32 && math.Abs(huge) > math.MaxFloat32 {
				continue
			}
			o := &spoilt{squares: newSquares(dt, 45, 6)}
			run := open(t, solver(t, r.rule, Rate(schedules.Constant(0.01)), Lookahead(2, 0.5), L2(1e-3)), o, make([]float64, 7),
				must[Sampler](t)(Reshuffled(45, 7, 4)))
			next(t, run, 3)
			before := save(run)
			w := values(run.Weights())
			o.gradient = huge
			_, err := run.Next()
			if !finiteState(run) {
				t.Fatalf("gradient %v: %v", huge, run.Check())
			}
			d := new(Diverged)
			switch {
			case err == nil && slices.Equal(values(run.Weights()), w):
				t.Errorf("gradient %v: the weights haven't moved, and no error", huge)
			case err == nil:
				continue
			case !errors.As(err, &d) || d.Quantity != State && d.Quantity != Weight || d.Parameter != "c" || d.Iteration != 3 || d.Moved:
				t.Errorf("gradient %v: error %v", huge, err)
			case !slices.Equal(values(run.Weights()), w):
				t.Errorf("gradient %v: the weights moved", huge)
			}
			for name, array := range save(run) {
				if !equalArrays(array, before[name]) {
					t.Errorf("gradient %v: %s changed", huge, name)
				}
			}
			o.gradient = 0
			if next(t, run, 1); slices.Equal(values(run.Weights()), w) {
				t.Errorf("gradient %v: the weights don't move any more", huge)
			}
		}
	})
}

// TestWeightsAndStateThatAreNotFinite holds for every rule that numbers somebody wrote into what a run keeps are found
// before a step, by name.
func TestWeightsAndStateThatAreNotFinite(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		for _, bad := range notFinite {
			s := solver(t, r.rule, Rate(schedules.Constant(0.01)), Average(EMA{Decay: 0.9}), Lookahead(2, 0.5))
			fresh := func() *Run {
				run := open(t, s, newSquares(dt, 45, 6), make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
				next(t, run, 3)
				return run
			}
			run := fresh()
			run.Weights().Set(2, bad)
			run.Visit(func(string, any) {})
			_, err := run.Next()
			if d := new(Diverged); !errors.As(err, &d) || d.Quantity != Weight || d.Parameter != "w" || d.Element != 2 || d.Iteration != 3 {
				t.Errorf("weight %v: error %v", bad, err)
			}
			fresh().Visit(func(name string, array any) {
				if length(array) == 0 {
					return
				}
				run := fresh()
				run.Visit(func(other string, array any) {
					if other == name {
						spoil(array, bad)
					}
				})
				_, err := run.Next()
				if d := new(Diverged); !errors.As(err, &d) || d.Quantity != State || d.Array+"/"+d.Parameter != name {
					t.Errorf("%s of %v: error %v", name, bad, err)
				}
			})
		}
	})
}

// length is the number of elements of an array of floating-point numbers; 0 for others.
func length(array any) int {
	switch a := array.(type) {
	case []float32:
		return len(a)
	case []float64:
		return len(a)
	}
	return 0
}

func spoil(array any, x float64) {
	switch a := array.(type) {
	case []float32:
		a[len(a)-1] = float32(x)
	case []float64:
		a[len(a)-1] = x
	}
}

// bursting is a rule of somebody's that makes infinities of ordinary numbers.
type bursting struct{}

func (bursting) Spec() Spec { return Spec{} }

func (bursting) Update(s *Step, w, _ []float64, _ [][]float64) {
	if s.Time.Step == 2 {
		w[0] = math.Inf(1)
	}
}

// TestWeightsThatHaveMoved holds that an error tells where the weights couldn't be put back.
func TestWeightsThatHaveMoved(t *testing.T) {
	run := open(t, solver(t, bursting{}, Rate(schedules.Constant(0.01))), newSquares(vector.Float64, 45, 6), make([]float64, 7), nil)
	run.stage.ours = false // as a rule of another package
	next(t, run, 2)
	_, err := run.Next()
	if d := new(Diverged); !errors.As(err, &d) || d.Quantity != Weight || !d.Moved || d.Iteration != 2 {
		t.Errorf("error %v", err)
	}
	if run.Time().Step != 2 {
		t.Errorf("%+v", run.Time())
	}
}

// TestHugeSums holds that STORM's step doesn't become 0 for good, and that rates aren't chosen by slopes that overflow.
func TestHugeSums(t *testing.T) {
	for name, options := range map[string][]Option{
		"storm":  {Rate(schedules.Constant(1)), From(adaptive)},
		"polyak": {ChooseRate(DefaultPolyak)},
		"armijo": {ChooseRate(DefaultArmijo)},
	} {
		o := &spoilt{squares: newSquares(vector.Float64, 45, 6)}
		run := open(t, solver(t, SGD{}, options...), o, make([]float64, 7), must[Sampler](t)(Reshuffled(45, 7, 4)))
		next(t, run, 3)
		before := values(run.Weights())
		o.gradient = 1e200
		_, err := run.Next()
		if d := new(Diverged); !errors.As(err, &d) || d.Iteration != 3 {
			t.Errorf("%s: error %v", name, err)
		}
		if !slices.Equal(values(run.Weights()), before) {
			t.Errorf("%s: the weights moved", name)
		}
	}
}

// TestStepperNotFinite holds for every rule what TestNotFinite does, for gradients that somebody else computes.
func TestStepperNotFinite(t *testing.T) {
	forRules(t, func(t *testing.T, r ruleRow, dt vector.Type) {
		o := newSquares(dt, 45, 6)
		batch := batch.Batch{Index: []int32{1, 4, 9}}
		for _, f := range append(faults(dt), fault{name: "weight", what: Weight}, fault{name: "state", what: State}) {
			w, g := o.NewVector(), o.NewVector()
			params := paramsOf(w, g)
			s := stepperOf(t, r.rule, Rate(schedules.Constant(0.01)))
			gradient := func() {
				if _, err := o.Gradient(w, g, batch); err != nil {
					t.Fatal(err)
				}
			}
			for range 3 {
				gradient()
				if err := s.Step(params); err != nil {
					t.Fatal(err)
				}
			}
			gradient()
			spoilt := &spoilt{}
			switch f.name {
			case "weight":
				w.Set(3, math.Inf(1))
				s.Visit(params, func(string, any) {}) // says that others have written
			case "state":
				found := false
				s.Visit(params, func(name string, array any) {
					if strings.HasPrefix(name, "rule.") && length(array) > 0 {
						spoil(array, math.NaN())
						found = true
					}
				})
				if !found {
					continue
				}
			default:
				if f.do(spoilt); spoilt.gradient == 0 {
					continue // losses aren't a Stepper's
				}
				g.Set(g.Ranges[1].Lo, spoilt.gradient)
			}
			before := values(w)
			err := s.Step(params)
			d := new(Diverged)
			switch {
			case err == nil && f.may:
				if _, at, x, bad := w.Bad(); bad {
					t.Errorf("%s: no error, and weight %d is %v", f.name, at, x)
				}
				continue
			case !errors.As(err, &d) || !f.may && d.Quantity != f.what || d.Iteration != 3 || d.Moved || d.Parameter == "":
				t.Errorf("%s: error %v", f.name, err)
			}
			if !slices.Equal(values(w), before) {
				t.Errorf("%s: the weights moved", f.name)
			}
		}
	})
}
