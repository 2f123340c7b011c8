package solvers

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// stage takes a solver's steps over a set of parameters of either type.
type stage struct {
	solver *Solver
	rule   scheduledRule
	values []float64 // of the solver's quantities, in this iteration
	next   []float64 // the same in the one after it, but for those of the estimator
	pace   float64   // factor on the rate
	ours   bool      // the rule and the proximal operators are this package's
	fresh  bool      // no step since the weights were looked at before one
	e32    engine[float32]
	e64    engine[float64]
}

func newStage(s *Solver) *stage {
	rule := copyRule(s.rule, s.spec.Hyper)
	return &stage{
		solver: s,
		rule:   rule,
		values: make([]float64, len(s.quantities)),
		next:   make([]float64, s.ofEstimator),
		pace:   1,
		ours:   s.ours(),
		e32:    engine[float32]{rule: updater32(rule.Rule), spec: &s.spec},
		e64:    engine[float64]{rule: updater64(rule.Rule), spec: &s.spec},
	}
}

// take works out what the quantities are in this iteration and in the next, and gives the rule its hyperparameters.
func (st *stage) take(now, next schedules.Time) error {
	all := st.solver.quantities
	if err := valuesAt(now, all, st.values); err != nil {
		return err
	}
	if err := valuesAt(next, all[:len(st.next)], st.next); err != nil {
		return err
	}
	st.rule.set(st.values[1:])
	return nil
}

// iteration is what one iteration knows of the whole gradient.
type iteration struct {
	now   schedules.Time
	norm  float64 // of the gradient, before clipping
	scale float64 // for ClipNorm
	limit float64 // for ClipValue; +Inf where there is none
	share float64 // of the new weights in their average
}

// step moves the weights of all parameters by their gradients. On an error nothing has changed, unless Diverged says
// so. next is the time of the iteration after this one.
func (st *stage) step(now, next schedules.Time) (iteration, error) {
	it, err := st.begin(now, next)
	if err == nil {
		err = st.finish(&it)
	}
	return it, err
}

// begin works out the quantities and looks at the gradient as a whole.
func (st *stage) begin(now, next schedules.Time) (it iteration, err error) {
	it = iteration{now: now, scale: 1, limit: math.Inf(1)}
	if err := st.look(now); err != nil {
		return it, err
	}
	if err := st.take(now, next); err != nil {
		return it, err
	}
	st.values[rateIndex] *= st.pace
	if it.share, err = st.solver.shareAt(next.Step); err != nil {
		return it, err
	}
	if it.norm, err = st.norm(now); err != nil {
		return it, err
	}
	if k := st.solver.clipNorm; k != 0 && it.norm > st.values[k] {
		it.scale = st.values[k] / it.norm
	}
	if k := st.solver.clipValue; k != 0 {
		it.limit = st.values[k]
	}
	return it, nil
}

// look makes sure that the weights and the state are finite, where no step has looked at them yet.
func (st *stage) look(now schedules.Time) error {
	if !st.e32.seen || !st.e64.seen {
		st.e32.survey(look)
		st.e64.survey(look)
		st.e32.seen, st.e64.seen, st.fresh = true, true, true
	}
	if st.e32.top.infinite || st.e64.top.infinite {
		return st.diverged(now, false)
	}
	return nil
}

// finish moves the weights. Weights or state that are no longer finite are an error, and are put back where copies were
// kept.
func (st *stage) finish(it *iteration) error {
	st.e32.prepare(st, it)
	st.e64.prepare(st, it)
	hyper := st.values[1 : 1+len(st.solver.spec.Hyper)]
	d := max(st.e32.danger(it, hyper, st.ours), st.e64.danger(it, hyper, st.ours))
	if d == calm && !st.fresh {
		st.e32.calmly()
		st.e64.calmly()
	} else {
		if d == risky {
			st.e32.keepCopies()
			st.e64.keepCopies()
		}
		st.e32.survey(move)
		st.e64.survey(move)
	}
	if st.e32.top.infinite || st.e64.top.infinite || d == risky {
		if err := st.diverged(it.now, d != risky); err != nil {
			if d == risky {
				st.e32.goBack()
				st.e64.goBack()
			}
			return err
		}
	}
	st.fresh = false
	st.e32.count()
	st.e64.count()
	return nil
}

// diverged returns the error of weights, a state or an average that isn't finite.
func (st *stage) diverged(now schedules.Time, moved bool) error {
	d := st.e32.diverged(st.solver.spec.State)
	if d == nil {
		d = st.e64.diverged(st.solver.spec.State)
	}
	if d == nil {
		return nil
	}
	d.Iteration, d.Moved = now.Step, moved
	st.forget()
	return errors.WithStack(d)
}

// forget makes the next step look at the weights and the state before it, because others may have written them.
func (st *stage) forget() { st.e32.seen, st.e64.seen = false, false }

// norm returns the Euclidean norm of the gradient, or an error that names a parameter whose gradient isn't finite.
func (st *stage) norm(now schedules.Time) (float64, error) {
	sum := st.e32.sumSquares() + st.e64.sumSquares()
	if !math.IsNaN(sum) && !math.IsInf(sum, 0) {
		return math.Sqrt(sum), nil
	}
	d := st.e32.bad()
	if d == nil {
		d = st.e64.bad()
	}
	if d == nil {
		// Finite, but the squares overflow.
		unit := max(st.e32.largest(), st.e64.largest())
		norm := unit * math.Sqrt(st.e32.scaledSquares(unit)+st.e64.scaledSquares(unit))
		if !math.IsInf(norm, 1) {
			return norm, nil
		}
		d = &Diverged{Quantity: Gradient, Array: "norm of the gradient", Value: norm}
	}
	d.Iteration = now.Step
	return 0, errors.WithStack(d)
}
