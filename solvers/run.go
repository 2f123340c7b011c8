package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Run is one minimisation under way. It serves one goroutine at a time.
type Run struct {
	solver *Solver
	obj    Objective
	source Source
	stage  *stage
	w, g   *vector.Vector
	state  []*vector.Vector // the rule's arrays, in the order of its Spec
	clock  [2]int64         // iterations done and examples seen
	n      int64

	mean   *vector.Vector // average of the weights; nil where there is none
	slow   *vector.Vector // slow copy of the weights; nil without Lookahead
	ray    *Ray           // nil where the rate is scheduled
	chosen []float64      // the last rate, and what the StepSize keeps

	method Method // the source, where it takes the steps itself
	terms  Terms
	fixed  bool // the terms are the same at all times
	guard  guard

	long    bool // the last step was over 1/L
	sampler Sampler
	timed   Timed // the sampler, where it depends on the time
	tuned   Tuned // the source, where the estimator has hyperparameters
	undo    *undo
}

// Open begins to minimise an objective from the weights w, which the run changes in place, with batches from a sampler.
func (s *Solver) Open(obj Objective, w *vector.Vector, sampler Sampler) (*Run, error) {
	if obj == nil || w == nil || sampler == nil {
		return nil, errors.New("solvers: Open wants an objective, weights and a sampler, and one of them is nil")
	}
	n := obj.Len()
	if n < 1 {
		return nil, errors.Errorf("solvers: objective of %d examples, want at least 1", n)
	}
	if sampler.Len() != n {
		return nil, errors.Errorf("solvers: sampler over %d examples for an objective of %d", sampler.Len(), n)
	}
	g := obj.NewVector()
	if err := g.Check(w); err != nil {
		return nil, errors.Wrap(err, "solvers: weights do not fit the objective")
	}
	if err := s.checkMemory(obj, sampler.Batch()); err != nil {
		return nil, err
	}
	if err := s.checkBatch(sampler); err != nil {
		return nil, err
	}
	if err := checkLeast(obj, sampler); err != nil {
		return nil, err
	}
	r := &Run{solver: s, obj: obj, sampler: sampler, stage: newStage(s), w: w, g: g, n: int64(n)}
	r.timed, _ = sampler.(Timed)
	for range s.spec.State {
		r.state = append(r.state, obj.NewVector())
	}
	if s.averaging != nil {
		r.mean = obj.NewVector()
	}
	if s.pulls() {
		r.slow = w.Clone()
	}
	if err := r.place(); err != nil {
		return nil, err
	}
	var err error
	if r.source, err = s.estimator.Open(obj, sampler); err != nil {
		return nil, errors.Wrapf(err, "solvers: %s", typeName(s.estimator))
	}
	r.undo = newUndo(r.source)
	if r.solver.ofEstimator < len(r.solver.quantities) {
		if r.tuned, _ = r.source.(Tuned); r.tuned == nil {
			return nil, errors.Errorf("solvers: %s has hyperparameters, and its source no method Tune", typeName(s.estimator))
		}
	}
	if err := r.search(obj); err != nil {
		return nil, err
	}
	if err := r.takeOver(); err != nil {
		return nil, err
	}
	return r, nil
}

// place makes the stage's parameters from the vectors' ranges.
func (r *Run) place() error {
	params := make([]owner, len(r.w.Ranges))
	for i, p := range r.w.Ranges {
		params[i] = owner{p.Name, p.Group}
	}
	settings, err := r.solver.bind(params)
	if err != nil {
		return err
	}
	if r.w.Type() == vector.Float64 {
		r.stage.e64.setParameters(parametersOf[float64](r, params, settings))
	} else {
		r.stage.e32.setParameters(parametersOf[float32](r, params, settings))
	}
	return nil
}

func parametersOf[T kernel.Float](r *Run, params []owner, settings []setting) []*parameter[T] {
	parameters := make([]*parameter[T], len(params))
	for i, p := range r.w.Ranges {
		s := &parameter[T]{owner: params[i], shape: p.Shape, use: settings[i], scratch: r.solver.spec.scratchOf(p.Shape)}
		s.w, s.g = vector.Of[T](r.w)[p.Lo:p.Hi], vector.Of[T](r.g)[p.Lo:p.Hi]
		for _, v := range r.state {
			s.state = append(s.state, vector.Of[T](v)[p.Lo:p.Hi])
		}
		if r.mean != nil {
			s.mean = vector.Of[T](r.mean)[p.Lo:p.Hi]
		}
		if settings[i][pulled] != nil {
			s.slow = vector.Of[T](r.slow)[p.Lo:p.Hi]
		}
		parameters[i] = s
	}
	return parameters
}

// Next does one iteration: a gradient from the estimator, and a step. On an error the weights are as they were, unless
// it is a Diverged that says Moved. A gradient, a loss, weights or a state that aren't finite are a Diverged.
//
// After an error of the objective, as when a context has ended, so is everything that Visit shows: Next does the same
// iteration again, and a run that is saved goes on with it.
func (r *Run) Next() (Info, error) { return r.watched(r.next(1)) }

// next does one iteration, or up to steps of them where the source takes them itself.
func (r *Run) next(steps int) (Info, error) {
	now := r.Time()
	if r.timed != nil {
		steps = 1
		if err := r.timed.Begin(now); err != nil {
			return Info{}, err
		}
	}
	if err := r.look(); err != nil {
		return Info{}, err
	}
	r.undo.mark()
	if err := r.tune(now); err != nil {
		return Info{}, err
	}
	if r.method != nil {
		return r.advance(steps)
	}
	info, err := r.source.Next(r.w, r.g, now)
	if err != nil {
		r.undo.back()
		if diverged := new(Diverged); errors.As(err, &diverged) {
			return info, err
		}
		clearNonsense(r.source)
		return info, errors.Wrapf(err, "solvers: iteration %d", now.Step)
	}
	next := schedules.Time{Step: now.Step + 1, Seen: now.Seen + int64(info.Examples), N: r.n}
	r.setUpdates(now.Step)
	if p, ok := r.source.(Pacer); ok {
		r.stage.pace = p.Pace()
	}
	it, err := r.stage.begin(now, next)
	if err == nil {
		err = finiteLoss(info.Loss, now.Step)
	}
	if err == nil && r.ray != nil {
		r.stage.values[rateIndex], err = r.choose(now, &info)
	}
	if err == nil {
		err = r.stage.finish(&it)
	}
	if err != nil {
		r.undo.back()
		return info, err
	}
	r.clock = [2]int64{next.Step, next.Seen}
	info.Steps, info.Norm, info.Rate = 1, it.norm, r.stage.values[rateIndex]
	return info, nil
}

// tune gives the source the hyperparameters of the estimator for the iteration that begins at a time.
func (r *Run) tune(now schedules.Time) error {
	if r.tuned == nil {
		return nil
	}
	values := r.stage.values[r.solver.ofEstimator:]
	if err := valuesAt(now, r.solver.quantities[r.solver.ofEstimator:], values); err != nil {
		return err
	}
	r.tuned.Tune(values)
	return nil
}

// look makes sure that all the run has is finite, where somebody else may have written it: before the first iteration,
// and after Visit.
func (r *Run) look() error {
	if r.stage.e32.seen && r.stage.e64.seen {
		return nil
	}
	r.guard = guard{}
	if err := r.Check(); err != nil {
		return err
	}
	return r.stage.look(r.Time())
}

// Check returns a Diverged that names the first number of the weights, or of what Visit shows, that isn't finite. It
// reads all of that once: ask it before saving.
func (r *Run) Check() error {
	now := r.clock[0]
	if err := finiteVector(Weight, "", r.w, now); err != nil {
		return err
	}
	var bad error
	r.visit(func(name string, array any) {
		if bad == nil {
			bad = finiteNumbers(name, array, now)
		}
	})
	return bad
}

// setUpdates tells the parameters how many steps they have had: every parameter of a run has had all of them.
func (r *Run) setUpdates(n int64) {
	for _, p := range r.stage.e32.parameters {
		p.updates[0] = n
	}
	for _, p := range r.stage.e64.parameters {
		p.updates[0] = n
	}
}

// Time is where the run stands. An epoch is Len examples of the objective.
func (r *Run) Time() schedules.Time {
	return schedules.Time{Step: r.clock[0], Seen: r.clock[1], N: r.n}
}

// Weights is the vector that the run changes: the one that Open was given.
func (r *Run) Weights() *vector.Vector { return r.w }

// Gradient is the estimate of the last iteration, before clipping and L2; 0 where a Method took the step.
func (r *Run) Gradient() *vector.Vector {
	if r.method != nil {
		r.g.Zero()
	}
	return r.g
}

// Values returns the rate, the hyperparameters and the modifiers' coefficients of the coming iteration. A rate that is
// chosen is that of the iteration before.
func (r *Run) Values() []Value {
	values := r.solver.Values(r.Time())
	if r.ray != nil {
		values[rateIndex].Value = r.chosen[0]
	}
	return values
}

// Solution writes the parameter that is being learned into dst: the weights themselves, their average where the solver
// has the option Average and has taken a step, or else θ where the rule's weights are a look-ahead point; of parameters
// under Lookahead their slow copy. It changes nothing in the run.
//
// A model's statistics, such as batch norm's running ones, are of the weights that were stepped: for the solution they
// must be recomputed, as train.Solution and train.Recalibration do.
func (r *Run) Solution(dst *vector.Vector) error {
	if err := dst.Check(r.w); err != nil {
		return errors.Wrap(err, "solvers: solution")
	}
	if r.mean != nil && r.clock[0] > 0 {
		dst.Copy(r.mean)
		return nil
	}
	dst.Copy(r.w)
	if err := r.shift(dst); err != nil {
		return err
	}
	r.stage.e64.slowly(r.clock[0], dst.Ranges, dst.F64)
	r.stage.e32.slowly(r.clock[0], dst.Ranges, dst.F32)
	return nil
}

// shift turns the copy of the weights in dst into θ where the rule's weights are another point.
func (r *Run) shift(dst *vector.Vector) error {
	shifted, ok := r.stage.rule.Rule.(Shifted)
	if !ok {
		return nil
	}
	now := r.Time()
	if err := r.stage.take(now, now); err != nil {
		return err
	}
	it := iteration{now: now, scale: 1}
	if dst.Type() == vector.Float64 {
		shift(shifted, r.stage, &it, r.stage.e64.parameters, dst.Ranges, dst.F64)
	} else {
		shift(shifted, r.stage, &it, r.stage.e32.parameters, dst.Ranges, dst.F32)
	}
	return nil
}

// shift turns the copies of all parameters' weights in dst into θ.
func shift[T kernel.Float](rule Shifted, st *stage, it *iteration, parameters []*parameter[T], ranges []vector.Range, dst []T) {
	d := newWorkspace[T](len(st.solver.spec.State), false)
	for i, p := range parameters {
		p.prepare(st, it)
		theta := dst[ranges[i].Lo:ranges[i].Hi]
		part := chunkLen
		if st.solver.spec.Whole {
			part = max(1, len(theta))
		}
		for lo := 0; lo < len(theta); lo += part {
			hi := min(lo+part, len(theta))
			for k, a := range p.state {
				d.state64[k] = widen(d.wide(1+k, hi-lo), a[lo:hi])
			}
			wide := widen(d.wide(0, hi-lo), theta[lo:hi])
			rule.Theta(&p.step, wide, d.state64)
			narrow(theta[lo:hi], wide)
		}
	}
}
