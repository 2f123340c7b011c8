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
		e32:    engine[float32]{rule: updater32(rule.Rule)},
		e64:    engine[float64]{rule: updater64(rule.Rule)},
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

// step moves the weights of all parameters by their gradients. On an error nothing has changed. next is the time of the
// iteration after this one.
func (st *stage) step(now, next schedules.Time) (iteration, error) {
	it, err := st.begin(now, next)
	if err == nil {
		st.finish(&it)
	}
	return it, err
}

// begin works out the quantities and looks at the gradient as a whole.
func (st *stage) begin(now, next schedules.Time) (it iteration, err error) {
	it = iteration{now: now, scale: 1, limit: math.Inf(1)}
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

// finish moves the weights.
func (st *stage) finish(it *iteration) {
	st.e32.step(st, it)
	st.e64.step(st, it)
}

// norm returns the Euclidean norm of the gradient, or an error that names a parameter whose gradient isn't finite.
func (st *stage) norm(now schedules.Time) (float64, error) {
	sum := st.e32.sumSquares() + st.e64.sumSquares()
	if !math.IsNaN(sum) && !math.IsInf(sum, 0) {
		return math.Sqrt(sum), nil
	}
	name, at, x, found := st.e32.bad()
	if !found {
		name, at, x, found = st.e64.bad()
	}
	if found {
		return 0, errors.WithStack(&Diverged{name, at, x, now.Step})
	}
	// Finite, but the squares overflow.
	unit := max(st.e32.largest(), st.e64.largest())
	return unit * math.Sqrt(st.e32.scaledSquares(unit)+st.e64.scaledSquares(unit)), nil
}
