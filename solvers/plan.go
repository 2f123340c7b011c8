package solvers

import "github.com/fallline/fallline/schedules"

// Plan is what can be said of a run beforehand, from its beginning on: how many examples each iteration sees. It is no part of the run, and
// going through it costs next to nothing.
type Plan struct {
	sampler Sampler // draws batches of the sizes to come
	timed   Timed
	n       int
	whole   func(iteration int64) bool // whether an iteration is one over all examples, which draws no batch; nil: none is
}

// planned is what an Estimator implements whose iterations don't all see the batch that the sampler draws, where it is known which: ok is false
// where it isn't.
type planned interface {
	wholes(obj Objective, sampler Sampler) (whole func(iteration int64) bool, ok bool)
}

// Plan returns the plan of a run, and whether there is one. There is none where only the run itself can tell: with a sampler of another
// package, a size of the batch that follows a metric, blocks of different sizes drawn at random, SARAH's Stop, and estimators of another package that
// aren't AnyBatch.
func (r *Run) Plan() (*Plan, bool) {
	p := &Plan{n: int(r.n)}
	switch e := r.solver.estimator.(type) {
	case planned:
		whole, ok := e.wholes(r.obj, r.sampler)
		if !ok {
			return nil, false
		}
		p.whole = whole
	case AnyBatch:
	default:
		return nil, false
	}
	ok := false
	if p.sampler, ok = rehearsal(r.sampler); !ok {
		return nil, false
	}
	p.timed, _ = p.sampler.(Timed)
	return p, true
}

// Next goes through the iteration that begins at a time, and returns how many examples it sees and how many the sampler draws for it. A size that
// isn't legal is the error with which the iteration would end.
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

// rehearsal is a sampler that draws batches of the sizes that s draws from its beginning on, whatever the examples, at next to no cost.
func rehearsal(s Sampler) (Sampler, bool) {
	switch s := s.(type) {
	case *epochs:
		e := &epochs{n: s.n, batch: s.batch, least: s.least}
		e.orders[0] = newOrder(s.n)
		return e, true
	case *replacement:
		return &sizes{all: newOrder(s.n).index, batch: s.batch}, true
	case *scheduledBatch:
		inner, ok := rehearsal(s.resizable)
		if !ok || !schedules.Pure(s.schedule) {
			return nil, false
		}
		return &scheduledBatch{resizable: inner.(resizable), schedule: s.schedule, least: s.least}, true
	}
	return nil, false
}

// sizes draws the same batch again and again.
type sizes struct {
	position
	all   []int32
	batch int
}

func (s *sizes) Len() int         { return len(s.all) }
func (s *sizes) Batch() int       { return s.batch }
func (s *sizes) Resize(batch int) { s.batch = batch }
func (s *sizes) Peek() Batch      { return Batch{Index: s.all[:s.batch]} }
func (s *sizes) Next() Batch      { return s.Peek() }

// none is of estimators whose iterations all see the sampler's batch.
func none(Objective, Sampler) (func(int64) bool, bool) { return nil, true }

func (MiniBatch) wholes(o Objective, s Sampler) (func(int64) bool, bool) { return none(o, s) }
func (STORM) wholes(o Objective, s Sampler) (func(int64) bool, bool)     { return none(o, s) }
func (SVRG) wholes(o Objective, s Sampler) (func(int64) bool, bool)      { return none(o, s) }
func (LSVRG) wholes(o Objective, s Sampler) (func(int64) bool, bool)     { return none(o, s) }
func (AlphaSVRG) wholes(o Objective, s Sampler) (func(int64) bool, bool) { return none(o, s) }
func (Katyusha) wholes(o Objective, s Sampler) (func(int64) bool, bool)  { return none(o, s) }

func (FullBatch) wholes(Objective, Sampler) (func(int64) bool, bool) {
	return func(int64) bool { return true }, true
}

// A period of SARAH begins with a full gradient.
func (s SARAH) wholes(_ Objective, sampler Sampler) (func(int64) bool, bool) {
	p, err := newPeriods(s.Passes, sampler)
	return func(i int64) bool { return i%(p.length+1) == 0 }, err == nil && s.Stop == 0
}

// The coin of PAGE is a function of its seed.
func (s PAGE) wholes(_ Objective, sampler Sampler) (func(int64) bool, bool) {
	c := coin{p: s.probability(sampler), seed: s.Seed}
	return func(i int64) bool { return i == 0 || c.shows(i) }, true
}

func (SAGA) wholes(o Objective, s Sampler) (func(int64) bool, bool) { return nil, tablePlanned(o, s) }
func (SAG) wholes(o Objective, s Sampler) (func(int64) bool, bool)  { return nil, tablePlanned(o, s) }

// tablePlanned says whether the iterations of a table all see the sampler's batch, or as many examples: its blocks are of one size.
func tablePlanned(o Objective, s Sampler) bool {
	if _, ok := asLinear(o); ok {
		return true
	}
	return o.Len()%s.Batch() == 0
}
