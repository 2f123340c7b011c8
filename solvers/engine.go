package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/threads"
)

const (
	// chunkLen is how many elements a step works on at a time: a chunk's arrays stay in the first-level cache while the
	// gradient is modified, the rule steps, and the weights are modified.
	chunkLen = 2048
	// taskLen is how many elements a thread should get at least: waking it costs more than it saves on fewer.
	taskLen = 1 << 14
	// tasksPerThread evens out threads of unequal speed.
	tasksPerThread = 8
)

// engine takes steps over the parameters of one type of element. Its elementwise work is cut into chunks inside one
// parameter, and the chunks are shared out among threads; the result doesn't depend on how.
type engine[T kernel.Float] struct {
	rule       updater[T]
	parameters []*parameter[T]

	chunks     []chunk
	total      int       // elements
	squares    []float64 // Σ g² of each chunk
	workspaces []*workspace[T]
	tasks      int
	job        job

	top    peak // of the weights and the state
	seen   bool // whether top is known
	round  int  // steps of the current round of calm ones that were taken
	next   peak // of what the round has looked at so far
	copies []T  // of what a risky step changes

	spec         *Spec
	large, small []int // parameters, where the rule takes a whole one at a time
}

// chunk is a part of one parameter: elements lo to hi−1.
type chunk struct{ parameter, lo, hi int }

// job is what Run does.
type job int

const (
	measure job = iota
	look
	move     // and look at every chunk
	moveCalm // and look at the round's part of the chunks
)

// setParameters takes the parameters that the next steps work on.
func (e *engine[T]) setParameters(parameters []*parameter[T]) {
	e.parameters = parameters
	e.chunks, e.total = e.chunks[:0], 0
	for i, p := range parameters {
		e.total += len(p.w)
		for lo := 0; lo < len(p.w); lo += chunkLen {
			e.chunks = append(e.chunks, chunk{i, lo, min(lo+chunkLen, len(p.w))})
		}
	}
	e.squares = make([]float64, len(e.chunks))
	e.seen = false
	if e.spec.Whole {
		e.setWhole()
	}
}

// sumSquares returns Σ g² over all parameters. It adds up chunk by chunk, so that its bits depend on nothing else.
func (e *engine[T]) sumSquares() float64 {
	e.parallel(measure)
	sum := 0.0
	for _, x := range e.squares {
		sum += x
	}
	return sum
}

// prepare works out what the coming step uses.
func (e *engine[T]) prepare(st *stage, it *iteration) {
	for _, p := range e.parameters {
		p.prepare(st, it)
	}
}

// survey does a job that looks at all of the weights and the state, and takes their peak.
func (e *engine[T]) survey(j job) {
	e.top = e.looked(j)
	e.round, e.next = 0, nothing
}

// calmly moves the weights and looks at a part of them. When a round is over each was looked at once.
func (e *engine[T]) calmly() {
	e.next.add(e.looked(moveCalm))
	e.top.infinite = e.next.infinite
	if e.round++; e.round == calmSteps {
		e.top, e.round, e.next = e.next, 0, nothing
	}
}

// looked does a job and returns the peak of what it has looked at.
func (e *engine[T]) looked(j job) peak {
	top := nothing
	e.tasks = 0
	e.parallel(j)
	for _, d := range e.workspaces[:e.tasks] {
		top.add(d.top)
	}
	return top
}

// count counts a step.
func (e *engine[T]) count() {
	for _, p := range e.parameters {
		p.updates[0]++
	}
}

// parallel does a job for all chunks.
func (e *engine[T]) parallel(j job) {
	if len(e.chunks) == 0 {
		return
	}
	e.job = j
	if e.spec.Whole && (j == move || j == moveCalm) {
		e.moveWhole()
		return
	}
	e.tasks = min(e.total/taskLen, len(e.chunks))
	if e.tasks > 1 {
		e.tasks = min(e.tasks, tasksPerThread*threads.Count())
	}
	e.tasks = max(e.tasks, 1)
	e.setWorkspaces()
	if e.tasks == 1 {
		e.Run(0)
		return
	}
	threads.Parallel(e.tasks, e)
}

// setWorkspaces makes a workspace for each task.
func (e *engine[T]) setWorkspaces() {
	for len(e.workspaces) < e.tasks {
		e.workspaces = append(e.workspaces, newWorkspace[T](len(e.spec.State), e.spec.Scratch != nil))
	}
}

// Run does a task's share of the job. Tasks measure the gradient from its begin to its end, and move the weights from
// their end to their begin, because what was measured last is still in cache. Inside a task both go forward, as
// prefetching expects. A chunk is looked at when it was moved, while it is in cache.
func (e *engine[T]) Run(task int) {
	if e.job == measure {
		from, to := e.share(task)
		for i := from; i < to; i++ {
			c := e.chunks[i]
			g := e.parameters[c.parameter].g[c.lo:c.hi]
			e.squares[i] = pointwise.Dot(g, g)
		}
		return
	}
	from, to := e.share(e.tasks - 1 - task)
	d := e.workspaces[task]
	d.top = nothing
	for i := from; i < to; i++ {
		c := e.chunks[i]
		p := e.parameters[c.parameter]
		if e.job != look {
			p.move(c.lo, c.hi, e.rule, d)
		}
		if e.job != moveCalm || i%calmSteps == e.round {
			p.look(c.lo, c.hi, &d.top)
		}
	}
}

// share is a task's part of the chunks: from to to−1.
func (e *engine[T]) share(task int) (from, to int) {
	n := len(e.chunks)
	return n * task / e.tasks, n * (task + 1) / e.tasks
}

// bad finds the first number of the gradient that isn't finite; nil where there is none.
func (e *engine[T]) bad() *Diverged {
	for _, p := range e.parameters {
		if d := p.bad(Gradient, "", p.g); d != nil {
			return d
		}
	}
	return nil
}

// largest returns max |g|.
func (e *engine[T]) largest() float64 {
	m := 0.0
	for _, p := range e.parameters {
		for _, x := range p.g {
			m = max(m, math.Abs(float64(x)))
		}
	}
	return m
}

// scaledSquares returns Σ (g/unit)², for gradients whose squares overflow.
func (e *engine[T]) scaledSquares(unit float64) float64 {
	sum := 0.0
	for _, p := range e.parameters {
		for _, x := range p.g {
			y := float64(x) / unit
			sum += y * y
		}
	}
	return sum
}
