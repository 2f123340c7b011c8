package kernel

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"
)

// Task is the body of a parallel loop. Give Parallel a pointer, and one that lives longer than the call
// (see stash): an interface holding anything else costs an allocation.
type Task interface{ Run(i int) }

// Parallel calls t.Run(i) once for each i in [0, n), in any order and on up to Threads() threads, the
// caller's among them, and returns when all calls are done.
//
// Threads claim one i after another, so that a thread that the system takes away delays only the call it is
// in. A nested call, and a call while another goroutine uses the pool, runs in the caller alone. A panic in
// t.Run doesn't stop the other calls; the first one is raised again in the caller. Nothing is allocated once
// the workers are there.
func Parallel(n int, t Task) {
	if n > 1 && n <= math.MaxInt32 && crew.busy.CompareAndSwap(false, true) {
		if size := crew.size(); size > 1 {
			crew.loop(n, size, t)
			return
		}
		crew.busy.Store(false)
	}
	for i := range n {
		t.Run(i)
	}
}

// crew is the one pool of the process.
var crew pool

// pool is a fork-join pool. Only the holder of busy, the boss, starts a loop; state is the one thing that
// workers and boss contend for.
type pool struct {
	// state is the generation of the loop (high half) and how many of its calls are unclaimed (low half).
	// A claim lowers it by compare-and-swap: one that succeeds belongs to the current loop, whatever happened
	// to the claimant in between, and that loop can't end before the claimed call is done.
	state atomic.Uint64
	_     [56]byte
	// pending is how many calls of the loop are not done.
	pending atomic.Int32
	_       [60]byte

	busy    atomic.Bool
	task    Task // written before state is, read after a claim
	total   int
	failure atomic.Pointer[failure]
	boss    sleeper
	hands   []*hand // workers; only the boss touches the slice
	enabled atomic.Int32
	loops   uint32
	procs   int // GOMAXPROCS, as last seen
}

// failure is the value of a panic.
type failure struct{ value any }

// spinTime is how long a worker without work, or a boss whose workers aren't done, polls before it sleeps.
// Being woken costs 5 to 100 us, a poll that hits less than one.
const spinTime = 50 * time.Microsecond

// loop runs one parallel loop. The caller holds busy, and loop lets go of it.
func (p *pool) loop(n, size int, t Task) {
	p.task, p.total = t, n
	p.pending.Store(int32(n))
	generation := p.state.Load()>>32 + 1
	p.state.Store(generation<<32 | uint64(n))
	p.call(min(n, size) - 1)
	for p.step() {
	}
	p.wait()
	p.task = nil
	failed := p.failure.Load()
	if failed != nil {
		p.failure.Store(nil)
	}
	p.busy.Store(false)
	if failed != nil {
		panic(failed.value)
	}
}

// call makes sure that the first n workers exist and are awake.
func (p *pool) call(n int) {
	for i := range n {
		if i == len(p.hands) {
			h := &hand{id: int32(i)}
			h.init()
			p.hands = append(p.hands, h)
			go h.work(p)
		} else {
			p.hands[i].wake()
		}
	}
}

// step claims one call and makes it. It returns false when all calls are claimed.
func (p *pool) step() bool {
	for {
		s := p.state.Load()
		left := uint32(s)
		if left == 0 {
			return false
		}
		if p.state.CompareAndSwap(s, s-1) {
			p.run(p.total - int(left))
			return true
		}
	}
}

func (p *pool) run(i int) {
	defer p.finish()
	p.task.Run(i)
}

// finish ends a call, however it went.
func (p *pool) finish() {
	if r := recover(); r != nil {
		p.failure.CompareAndSwap(nil, &failure{r})
	}
	if p.pending.Add(-1) == 0 && p.boss.wake() {
		runtime.Gosched() // the boss goes on here, at once
	}
}

// wait returns when all calls are done.
func (p *pool) wait() {
	var start time.Time
	for i := 1; p.pending.Load() != 0; i++ {
		pause()
		if i%pollsPerCheck != 0 {
			continue
		}
		if start.IsZero() {
			start = time.Now()
		} else if time.Since(start) > spinTime {
			break
		}
	}
	for p.pending.Load() != 0 { // a wake meant for an earlier loop may come late, so look again
		p.boss.arm()
		if p.pending.Load() == 0 {
			p.boss.disarm()
		} else {
			p.boss.sleep()
		}
	}
}
