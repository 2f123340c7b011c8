// Package threads is the fork-join loop of the kernels: Parallel runs a loop's calls on some threads, Set says how many
// those are, and Share cuts work into pieces whose borders don't depend on that number.
package threads

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"
)

// Task is the body of a parallel loop. Give Parallel a pointer, and one that lives longer than the call
// (see scratch.List): an interface holding anything else costs an allocation.
type Task interface{ Run(i int) }

// Parallel calls t.Run(i) once for each i in [0, n), in any order and on up to Count() threads, the
// caller's among them, and returns when all calls are done.
//
// Threads claim one i after another, so that a thread that the system takes away delays only the call it is
// in. A nested call, and a call while another goroutine runs a loop, runs in the caller alone. A panic in
// t.Run doesn't stop the other calls; the first one is raised again in the caller. Nothing is allocated once
// the workers are there.
func Parallel(n int, t Task) {
	if n > 1 && n <= math.MaxInt32 && shared.busy.CompareAndSwap(false, true) {
		if size := shared.size(); size > 1 {
			shared.loop(n, size, t)
			return
		}
		shared.busy.Store(false)
	}
	for i := range n {
		t.Run(i)
	}
}

// shared is the one scheduler of the process.
var shared scheduler

func init() {
	shared.caller.init()
	shared.hire, shared.hired = make(chan int32), make(chan *worker)
	go shared.employ()
}

// employ starts the workers that hire asks for. It does so from a goroutine of its own: one that a loop started would
// belong to what the loop's caller does, and in a bubble of testing/synctest the clock stands still for those who poll,
// and the bubble ends only when they do.
func (s *scheduler) employ() {
	for id := range s.hire {
		w := &worker{id: id}
		w.init()
		go w.work(s)
		s.hired <- w
	}
}

// scheduler runs fork-join loops. Only the holder of busy, the caller, starts a loop; state is the one thing that
// workers and caller contend for.
type scheduler struct {
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
	caller  sleeper
	workers []*worker // only the caller touches the slice
	hire    chan int32
	hired   chan *worker
	enabled atomic.Int32
	loops   uint32
	procs   int // GOMAXPROCS, as last seen
}

// failure is the value of a panic.
type failure struct{ value any }

// spinTime is how long a worker without work, or a caller whose workers aren't done, polls before it sleeps.
// Being woken costs 5 to 100 us, a poll that hits less than one.
const spinTime = 50 * time.Microsecond

// loop runs one parallel loop. The caller holds busy, and loop lets go of it.
func (s *scheduler) loop(n, size int, t Task) {
	s.task, s.total = t, n
	s.pending.Store(int32(n))
	generation := s.state.Load()>>32 + 1
	s.state.Store(generation<<32 | uint64(n))
	s.wakeWorkers(min(n, size) - 1)
	for s.step() {
	}
	s.wait()
	s.task = nil
	failed := s.failure.Load()
	if failed != nil {
		s.failure.Store(nil)
	}
	s.busy.Store(false)
	if failed != nil {
		panic(failed.value)
	}
}

// wakeWorkers makes sure that the first n workers exist and are awake.
func (s *scheduler) wakeWorkers(n int) {
	for i := range n {
		if i == len(s.workers) {
			s.hire <- int32(i)
			s.workers = append(s.workers, <-s.hired)
		} else {
			s.workers[i].wake()
		}
	}
}

// step claims one call and makes it. It returns false when all calls are claimed.
func (s *scheduler) step() bool {
	for {
		old := s.state.Load()
		left := uint32(old)
		if left == 0 {
			return false
		}
		if s.state.CompareAndSwap(old, old-1) {
			s.run(s.total - int(left))
			return true
		}
	}
}

func (s *scheduler) run(i int) {
	defer s.finish()
	s.task.Run(i)
}

// finish ends a call, however it went.
func (s *scheduler) finish() {
	if r := recover(); r != nil {
		s.failure.CompareAndSwap(nil, &failure{r})
	}
	if s.pending.Add(-1) == 0 && s.caller.wake() {
		runtime.Gosched() // the caller goes on here, at once
	}
}

// wait returns when all calls are done.
func (s *scheduler) wait() {
	var start time.Time
	for i := 1; s.pending.Load() != 0; i++ {
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
	for s.pending.Load() != 0 { // a wake meant for an earlier loop may come late, so look again
		s.caller.arm()
		if s.pending.Load() == 0 {
			s.caller.disarm()
		} else {
			s.caller.sleep()
		}
	}
}
