package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
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

// engine takes steps over the parameters of one type of element. Its elementwise work is cut into chunks inside one parameter,
// and the chunks are shared out among threads; the result doesn't depend on how.
type engine[T kernel.Float] struct {
	rule  updater[T]
	slots []*slot[T]

	chunks  []chunk
	total   int       // elements
	squares []float64 // Σ g² of each chunk
	desks   []*desk[T]
	tasks   int
	job     job
}

// chunk is a part of one parameter: elements lo to hi−1.
type chunk struct{ slot, lo, hi int }

// job is what Run does.
type job int

const (
	measure job = iota
	move
)

// setSlots takes the parameters that the next steps work on.
func (e *engine[T]) setSlots(slots []*slot[T]) {
	e.slots = slots
	e.chunks, e.total = e.chunks[:0], 0
	for i, p := range slots {
		e.total += len(p.w)
		for lo := 0; lo < len(p.w); lo += chunkLen {
			e.chunks = append(e.chunks, chunk{i, lo, min(lo+chunkLen, len(p.w))})
		}
	}
	e.squares = make([]float64, len(e.chunks))
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

// step moves the weights.
func (e *engine[T]) step(st *stage, it *iteration) {
	for _, p := range e.slots {
		p.prepare(st, it)
	}
	e.parallel(move)
	for _, p := range e.slots {
		p.updates[0]++
	}
}

// parallel does a job for all chunks.
func (e *engine[T]) parallel(j job) {
	if len(e.chunks) == 0 {
		return
	}
	e.job = j
	e.tasks = min(e.total/taskLen, len(e.chunks))
	if e.tasks > 1 {
		e.tasks = min(e.tasks, tasksPerThread*threads.Count())
	}
	e.tasks = max(e.tasks, 1)
	for len(e.desks) < e.tasks {
		e.desks = append(e.desks, newDesk[T](len(e.slots[0].state)))
	}
	if e.tasks == 1 {
		e.Run(0)
		return
	}
	threads.Parallel(e.tasks, e)
}

// Run does a task's share of the job. Tasks measure the gradient from its begin to its end, and move the weights from their end to
// their begin, because what was measured last is still in cache. Inside a task both go forward, as prefetching expects.
func (e *engine[T]) Run(task int) {
	if e.job == measure {
		from, to := e.share(task)
		for i := from; i < to; i++ {
			c := e.chunks[i]
			g := e.slots[c.slot].g[c.lo:c.hi]
			e.squares[i] = kernel.Dot(g, g)
		}
		return
	}
	from, to := e.share(e.tasks - 1 - task)
	for i := from; i < to; i++ {
		c := e.chunks[i]
		e.slots[c.slot].move(c.lo, c.hi, e.rule, e.desks[task])
	}
}

// share is a task's part of the chunks: from to to−1.
func (e *engine[T]) share(task int) (from, to int) {
	n := len(e.chunks)
	return n * task / e.tasks, n * (task + 1) / e.tasks
}

// bad returns the first parameter whose gradient has a NaN or an infinity in it, with the element.
func (e *engine[T]) bad() (name string, at int, value float64, found bool) {
	for _, p := range e.slots {
		for i, x := range p.g {
			if v := float64(x); math.IsNaN(v) || math.IsInf(v, 0) {
				return p.name, i, v, true
			}
		}
	}
	return "", 0, 0, false
}

// largest returns max |g|.
func (e *engine[T]) largest() float64 {
	m := 0.0
	for _, p := range e.slots {
		for _, x := range p.g {
			m = max(m, math.Abs(float64(x)))
		}
	}
	return m
}

// scaledSquares returns Σ (g/unit)², for gradients whose squares overflow.
func (e *engine[T]) scaledSquares(unit float64) float64 {
	sum := 0.0
	for _, p := range e.slots {
		for _, x := range p.g {
			y := float64(x) / unit
			sum += y * y
		}
	}
	return sum
}
