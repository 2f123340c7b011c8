package threads

import (
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestWorkersSleep checks that idle workers stop polling, and that they come back.
func TestWorkersSleep(t *testing.T) {
	for range 3 {
		Parallel(16, &nothing{})
		awake := true
		for range 5000 {
			if awake = workersAwake(); !awake {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if awake {
			t.Fatal("a worker still polls after 5 s without work")
		}
	}
}

func workersAwake() bool {
	for !shared.busy.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
	defer shared.busy.Store(false)
	for _, w := range shared.workers {
		if !w.armed.Load() {
			return true
		}
	}
	return false
}

// TestWorkersAreInNoBubble needs new workers in a bubble whose clock stands still while they poll, and which they must
// not keep from ending.
func TestWorkersAreInNoBubble(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(len(shared.workers) + 3))
	shared.loops = 0 // the scheduler asks for GOMAXPROCS
	before := len(shared.workers)
	synctest.Test(t, func(*testing.T) {
		for range 3 {
			Parallel(100, &nothing{})
			time.Sleep(time.Second)
		}
	})
	if len(shared.workers) <= before {
		t.Fatalf("%d workers before and %d after: the test needs new ones", before, len(shared.workers))
	}
	Parallel(100, &nothing{})
}

func TestParallelFollowsGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 200 {
		Parallel(8, &nothing{})
	}
	if got := shared.procs; got != 1 {
		t.Errorf("the scheduler counts %d processors, want 1", got)
	}
	if got := Count(); got != 1 {
		t.Errorf("Threads() = %d under GOMAXPROCS 1", got)
	}
}

func TestSetThreads(t *testing.T) {
	defer Set(0)
	for _, n := range []int{-1, most + 1} {
		if err := Set(n); err == nil {
			t.Errorf("SetThreads(%d) gave no error", n)
		}
	}
	if err := Set(3); err != nil || Count() != 3 {
		t.Errorf("after SetThreads(3): error %v, Threads() = %d", err, Count())
	}
}

type nothing struct{}

func (*nothing) Run(int) {}

// BenchmarkParallel measures what a loop costs over its calls.
func BenchmarkParallel(b *testing.B) {
	for b.Loop() {
		Parallel(2, &nothing{})
	}
}

// rendezvous is a loop of two calls that poll for each other.
type rendezvous struct{ here atomic.Int32 }

func (r *rendezvous) Run(int) {
	r.here.Add(1)
	for r.here.Load() < 2 {
		pause()
	}
}

// BenchmarkParallelRendezvous measures how long it takes until a second thread has joined.
func BenchmarkParallelRendezvous(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Skip("one processor")
	}
	r := &rendezvous{}
	for b.Loop() {
		r.here.Store(0)
		Parallel(2, r)
	}
}

func BenchmarkPause(b *testing.B) {
	for b.Loop() {
		pause()
	}
}
