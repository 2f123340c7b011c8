package solvers

import "github.com/fallline/fallline/schedules"

// Plan is what can be said of a run beforehand, from its beginning on: how many examples each iteration sees. It is no
// part of the run, and going through it costs next to nothing.
type Plan struct {
	sampler Sampler // draws batches of the sizes to come
	timed   Timed
	n       int
	// whether an iteration is one over all examples, which draws no batch; nil: none is
	whole func(iteration int64) bool
}

// Planned is an optional interface of Estimator: it knows which of its iterations are over all examples, so that a Run
// has a Plan. Of one that is AnyBatch and not Planned none is.
type Planned interface {
	// Wholes returns a function that says whether an iteration, from 0, is one over all examples, for which the sampler
	// draws no batch; nil where none is. ok is false where only the run itself can tell what its iterations see.
	Wholes(obj Objective, sampler Sampler) (whole func(iteration int64) bool, ok bool)
}

// Rehearsed is an optional interface of Sampler: the sizes of its batches are known beforehand, so that a Run has a
// Plan.
type Rehearsed interface {
	// Rehearse returns a sampler that draws batches of the sizes that this one draws from its beginning on, whatever
	// the examples, at next to no cost; ok is false where they can't be known.
	Rehearse() (sampler Sampler, ok bool)
}

// Plan returns the plan of a run, and whether there is one. There is none where only the run itself can tell: with a
// sampler of another package, a size of the batch that follows a metric, blocks of different sizes drawn at random,
// SARAH's Stop, and estimators of another package that aren't AnyBatch.
func (r *Run) Plan() (*Plan, bool) {
	p := &Plan{n: int(r.n)}
	switch e := r.solver.estimator.(type) {
	case Planned:
		whole, ok := e.Wholes(r.obj, r.sampler)
		if !ok {
			return nil, false
		}
		p.whole = whole
	case AnyBatch:
	default:
		return nil, false
	}
	ok := false
	if p.sampler, ok = rehearse(r.sampler); !ok {
		return nil, false
	}
	p.timed, _ = p.sampler.(Timed)
	return p, true
}

// Next goes through the iteration that begins at a time, and returns how many examples it sees and how many the sampler
// draws for it. A size that isn't legal is the error with which the iteration would end.
func (p *Plan) Next(now schedules.Time) (seen, drawn int, err error) {
	if p.timed != nil {
		if err := p.timed.Begin(now); err != nil {
			return 0, 0, err
		}
	}
	if p.whole != nil && p.whole(now.Step) {
		return p.n, 0, nil
	}
	drawn = len(p.sampler.Next().Index)
	return drawn, drawn, nil
}

// rehearse has a sampler rehearse.
func rehearse(s Sampler) (Sampler, bool) {
	if r, ok := s.(Rehearsed); ok {
		return r.Rehearse()
	}
	return nil, false
}
