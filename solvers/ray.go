package solvers

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Ray is what a StepSize knows of an iteration: the loss along the step.
type Ray struct {
	Loss float64 // F(w)
	// −dF/dη at w, where η = 0: ‖∇F(w)‖², or Σ factor·‖∇F(w)‖² over the parameters with RateFactor
	Slope    float64
	Rounding float64        // differences of losses below this may be rounding
	Examples int            // in the batch
	Time     schedules.Time // iterations done and examples seen before this one

	source Searched
	terms  []Term // their rates are the factors
	w      *vector.Vector
	along  *vector.Vector // the step is −η times this
	own    *vector.Vector // along, where it isn't the gradient itself
	trial  *vector.Vector
	losses int64
}

// At is F after a step of some rate. It costs the evaluation of the batch's loss.
func (a *Ray) At(rate float64) (float64, error) {
	a.trial.Copy(a.w)
	a.trial.Axpy(-rate, a.along)
	loss, n, err := a.source.Loss(a.trial)
	a.losses += int64(n)
	return loss + a.penalty(a.trial), err
}

// begin points the ray at an iteration.
func (a *Ray) begin(now schedules.Time, g *vector.Vector, info Info) {
	a.Time, a.Examples, a.losses = now, info.Examples, 0
	a.Loss = info.Loss + a.penalty(a.w)
	a.Rounding = math.Abs(a.Loss) * 4 * a.w.Type().Epsilon()
	a.along, a.Slope = g, 0
	if a.own != nil {
		a.along = a.own
		a.own.Copy(g)
	}
	for i, r := range a.w.Ranges {
		along, w := a.along.Part(r.Lo, r.Hi), a.w.Part(r.Lo, r.Hi)
		a.Slope += stretch(&along, &w, a.terms[i])
	}
}

// stretch adds L2's part to a range of the gradient, multiplies it by the range's factor, and returns its product with
// what it was before that.
func stretch(g, w *vector.Vector, t Term) float64 {
	if t.L2 != 0 {
		g.Axpy(t.L2, w)
	}
	slope := t.Rate * g.Dot(g)
	if t.Rate != 1 {
		g.Scale(t.Rate)
	}
	return slope
}

// penalty is what L2 adds to the loss.
func (a *Ray) penalty(w *vector.Vector) (sum float64) {
	for i, r := range w.Ranges {
		if l2 := a.terms[i].L2; l2 != 0 {
			part := w.Part(r.Lo, r.Hi)
			sum += l2 / 2 * part.Dot(&part)
		}
	}
	return sum
}

// search begins to choose rates, where the solver has them chosen.
func (r *Run) search(obj Objective) error {
	s := r.solver
	if s.choice == nil {
		return nil
	}
	source, ok := r.source.(Searched)
	if !ok {
		return errors.Errorf("solvers: %v: the estimate of %s is not the gradient of a loss that can be evaluated along the step, as those of MiniBatch and FullBatch are",
			s.choice, typeName(s.estimator))
	}
	r.terms.Range = make([]Term, len(r.w.Ranges))
	r.ray = &Ray{source: source, terms: r.terms.Range, w: r.w, trial: obj.NewVector()}
	for _, m := range s.modifiers {
		if m.kind == coupled || m.kind == factor {
			r.ray.own = obj.NewVector()
			break
		}
	}
	r.chosen = make([]float64, 1+s.choice.Numbers())
	return nil
}

// choose returns the rate of an iteration whose gradient is finite. The stage has worked out the quantities.
func (r *Run) choose(now schedules.Time, info *Info) (float64, error) {
	r.readTerms()
	for i := range r.terms.Range {
		r.terms.Range[i].Rate = 1
		if m := r.stage.setting(i)[factor]; m != nil {
			r.terms.Range[i].Rate = r.stage.values[m.quantity]
		}
	}
	r.ray.begin(now, r.g, *info)
	if err := finiteLoss(r.ray.Loss, now.Step); err != nil {
		return 0, err
	}
	if slope := r.ray.Slope; slope-slope != 0 {
		return 0, errors.WithStack(&Diverged{Quantity: Gradient, Array: "squared norm of the gradient", Value: slope, Iteration: now.Step})
	}
	rate, err := r.solver.choice.Choose(r.ray, r.chosen[1:])
	info.Losses = r.ray.losses
	if err != nil {
		return 0, errors.Wrapf(err, "solvers: %v at iteration %d", r.solver.choice, now.Step)
	}
	if legal := AtLeast(0); !legal.Has(rate) {
		return 0, errors.Errorf("solvers: %v: rate %v outside %v at iteration %d", r.solver.choice, rate, legal, now.Step)
	}
	r.chosen[0] = rate
	return rate, finiteNumbers("rate.chosen", r.chosen, now.Step)
}
