package solvers

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Method is an optional interface of Source: it moves the weights itself, because estimate and step are one thing in
// it, as in Katyusha, or because taking them together costs less, as on sparse rows, where a step need not touch every
// weight.
//
// An Estimator opens it like any Source. The run then asks Takes once, and where the answer is yes it calls Advance
// instead of Next.
type Method interface {
	Source
	// Takes says whether Advance does the steps that a solver asks for. Where it doesn't, the run calls Next and leaves
	// the steps to the rule. An error ends Solver.Open: it is for a source that has no gradients to give.
	Takes(*Terms) (bool, error)
	// Advance does iterations from the time t on, at least one and up to steps, as the terms say. It returns early
	// where something is to be seen by the caller. On an error the weights are those before the iteration that failed,
	// and Info says what was done before it. A gradient or a loss that isn't finite is a Diverged, before the weights
	// move; the run looks at the weights afterwards.
	Advance(w *vector.Vector, terms *Terms, t schedules.Time, steps int) (Info, error)
}

// Terms are what a solver asks of a step, for sources that take steps themselves. Only Rule, Clips, Pulls and which of
// a Term's fields are set are known to Takes already; rates and coefficients are those of the iteration.
type Terms struct {
	Rule  Rule
	Clips bool   // the solver clips gradients
	Pulls bool   // the solver has Lookahead
	Range []Term // for each range of the weights
}

// Term is what a step does to the weights of one range, beside what the rule does.
type Term struct {
	Rate   float64  // learning rate, the range's factor included
	L2     float64  // λ of L2
	Decay  float64  // λ of Decay
	Prox   Proximal // nil: none
	Shrink bool     // L2 or Decay is asked for, whatever the coefficients are at this time
}

// Plain says whether the step is a GradientStep, as SGD's, without clipping and Lookahead.
func (t *Terms) Plain() bool {
	_, ok := t.Rule.(GradientStep)
	return ok && !t.Clips && !t.Pulls
}

// Advance does a number of iterations, as so many calls of Next do, and returns what they did together: Loss is the
// mean over all examples seen, Examples and Gradients are sums, Steps counts the iterations, Norm and Rate are those of
// the last one.
//
// Where the source takes the steps itself and nothing changes over time, all of them are one call: with SAGA on sparse
// rows an iteration then costs less than the call of Next would. Calls of other lengths take the same steps, but for
// rounding.
func (r *Run) Advance(steps int) (Info, error) {
	var sum Info
	if steps < 1 {
		return sum, errors.Errorf("solvers: advance by %d iterations, want at least 1", steps)
	}
	for sum.Steps < steps {
		info, err := r.watched(r.next(steps - sum.Steps))
		sum.Add(info)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// Add makes i what it and later iterations did together, as Run.Advance says.
func (i *Info) Add(later Info) {
	if n := i.Examples + later.Examples; n > 0 {
		i.Loss += (later.Loss - i.Loss) * (float64(later.Examples) / float64(n))
		i.Examples = n
	}
	i.Gradients += later.Gradients
	i.Losses += later.Losses
	i.Steps += later.Steps
	i.Norm, i.Rate = later.Norm, later.Rate
}

// takeOver finds out whether the source takes the steps itself.
func (r *Run) takeOver() error {
	m, ok := r.source.(Method)
	if !ok || r.ray != nil {
		return nil
	}
	r.terms.Rule = r.solver.rule
	r.terms.Clips = r.solver.clipNorm != 0 || r.solver.clipValue != 0
	r.terms.Pulls = r.slow != nil
	r.terms.Range = make([]Term, len(r.w.Ranges))
	if err := r.setTerms(r.Time()); err != nil {
		return err
	}
	takes, err := m.Takes(&r.terms)
	if err != nil {
		return errors.Wrapf(err, "solvers: %s", typeName(r.solver.estimator))
	}
	if !takes {
		return nil
	}
	if r.terms.Pulls {
		return errors.Errorf("solvers: %s takes its steps itself, which doesn't go with Lookahead", typeName(r.solver.estimator))
	}
	r.method, r.fixed = m, true
	for _, k := range r.solver.quantities {
		r.fixed = r.fixed && schedules.Fixed(k.schedule)
	}
	return nil
}

// setTerms writes the coefficients at a time into the run's terms.
func (r *Run) setTerms(now schedules.Time) error {
	if err := r.stage.take(now, now); err != nil {
		return err
	}
	r.readTerms()
	return nil
}

// readTerms is setTerms for the time that the stage has worked out the quantities for.
func (r *Run) readTerms() {
	values := r.stage.values
	for i := range r.terms.Range {
		use := r.stage.setting(i)
		t := Term{Rate: values[rateIndex]}
		if m := use[factor]; m != nil {
			t.Rate *= values[m.quantity]
		}
		if m := use[coupled]; m != nil {
			t.L2, t.Shrink = values[m.quantity], true
		}
		if m := use[decoupled]; m != nil {
			t.Decay, t.Shrink = values[m.quantity], true
		}
		if m := use[proximal]; m != nil {
			t.Prox = m.prox
		}
		r.terms.Range[i] = t
	}
}

// setting is that of the i-th parameter.
func (st *stage) setting(i int) setting {
	if len(st.e64.parameters) > 0 {
		return st.e64.parameters[i].use
	}
	return st.e32.parameters[i].use
}

// advance has the method do up to steps iterations.
func (r *Run) advance(steps int) (Info, error) {
	now := r.Time()
	if !r.fixed || r.mean != nil {
		steps = 1
		if err := r.setTerms(now); err != nil {
			return Info{}, err
		}
	}
	share, err := r.solver.shareAt(now.Step + 1)
	if err != nil {
		return Info{}, err
	}
	info, err := r.guarded(now, steps)
	r.clock[0] += int64(info.Steps)
	r.clock[1] += int64(info.Examples)
	info.Rate, info.Norm = r.stage.values[rateIndex], math.NaN()
	if err == nil {
		r.averageAll(share)
		return info, nil
	}
	if info.Steps == 0 {
		r.undo.back()
	}
	if diverged := new(Diverged); errors.As(err, &diverged) {
		r.stage.forget()
		return info, err
	}
	if info.Steps == 0 {
		clearNonsense(r.source)
	}
	return info, errors.Wrapf(err, "solvers: iteration %d", r.clock[0])
}
