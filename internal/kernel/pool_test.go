package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// withThreads runs f under each thread count and restores the default.
func withThreads(t testing.TB, counts []int, f func(n int)) {
	t.Helper()
	t.Cleanup(func() { SetThreads(0) })
	for _, n := range counts {
		if err := SetThreads(n); err != nil {
			t.Fatal(err)
		}
		f(n)
	}
}

// counter counts the calls of each index.
type counter struct{ calls []atomic.Int32 }

func (c *counter) Run(i int) { c.calls[i].Add(1) }

func (c *counter) check(t *testing.T, want int32) {
	t.Helper()
	for i := range c.calls {
		if got := c.calls[i].Load(); got != want {
			t.Fatalf("call %d of %d was made %d times, want %d", i, len(c.calls), got, want)
		}
	}
}

func TestParallelMakesEachCallOnce(t *testing.T) {
	withThreads(t, []int{1, 2, 3, 8}, func(int) {
		for _, n := range []int{0, 1, 2, 3, 7, 64, 1000} {
			c := &counter{make([]atomic.Int32, n)}
			for range 20 {
				Parallel(n, c)
			}
			c.check(t, 20)
		}
	})
}

func TestParallelUsesWorkers(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("not tested: one processor")
	}
	withThreads(t, []int{2}, func(int) {
		m := &meeting{}
		m.both.Add(2)
		Parallel(2, m)
	})
}

// meeting is a loop of two calls that each wait for the other: it ends only if two threads make them.
type meeting struct{ both sync.WaitGroup }

func (m *meeting) Run(int) {
	m.both.Done()
	m.both.Wait()
}

// nest starts another loop in each call.
type nest struct{ inner *counter }

func (n *nest) Run(int) { Parallel(len(n.inner.calls), n.inner) }

func TestParallelNested(t *testing.T) {
	c := &counter{make([]atomic.Int32, 9)}
	Parallel(5, &nest{c})
	c.check(t, 5)
}

func TestParallelConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := &counter{make([]atomic.Int32, 17)}
			for range 500 {
				Parallel(17, c)
			}
			c.check(t, 500)
		})
	}
	wg.Wait()
}

// bomb panics in one call.
type bomb struct {
	counter
	at int
}

func (b *bomb) Run(i int) {
	b.counter.Run(i)
	if i == b.at {
		panic("bang")
	}
}

func TestParallelRaisesPanic(t *testing.T) {
	withThreads(t, []int{2, 8}, func(int) {
		for at := range 40 {
			b := &bomb{counter{make([]atomic.Int32, 40)}, at}
			func() {
				defer func() {
					if r := recover(); r != "bang" {
						t.Fatalf("recovered %v, want bang", r)
					}
				}()
				Parallel(40, b)
			}()
			b.check(t, 1)
			c := &counter{make([]atomic.Int32, 40)}
			Parallel(40, c)
			c.check(t, 1)
		}
	})
}

func TestParallelRaisesPanicOfOneThread(t *testing.T) {
	withThreads(t, []int{1}, func(int) {
		defer func() {
			if r := recover(); r != "bang" {
				t.Fatalf("recovered %v, want bang", r)
			}
		}()
		Parallel(3, &bomb{counter{make([]atomic.Int32, 3)}, 1})
	})
}

func TestParallelAllocatesNothing(t *testing.T) {
	withThreads(t, []int{1, 2, 8}, func(n int) {
		c := &counter{make([]atomic.Int32, 33)}
		if got := testing.AllocsPerRun(200, func() { Parallel(33, c) }); got != 0 {
			t.Errorf("%d threads: %v allocations a loop", n, got)
		}
	})
}

// TestWorkersSleep checks that idle workers stop polling, and that they come back.
func TestWorkersSleep(t *testing.T) {
	c := &counter{make([]atomic.Int32, 16)}
	for round := range int32(3) {
		Parallel(16, c)
		c.check(t, round+1)
		awake := true
		for range 5000 {
			if awake = crewAwake(); !awake {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if awake {
			t.Fatal("a worker still polls after 5 s without work")
		}
	}
}

func crewAwake() bool {
	for !crew.busy.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
	defer crew.busy.Store(false)
	for _, h := range crew.hands {
		if !h.armed.Load() {
			return true
		}
	}
	return false
}

func TestParallelFollowsGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c := &counter{make([]atomic.Int32, 8)}
	for range 200 {
		Parallel(8, c)
	}
	c.check(t, 200)
	if got := crew.procs; got != 1 {
		t.Errorf("the pool counts %d processors, want 1", got)
	}
	if got := Threads(); got != 1 {
		t.Errorf("Threads() = %d under GOMAXPROCS 1", got)
	}
}

func TestSetThreads(t *testing.T) {
	defer SetThreads(0)
	for _, n := range []int{-1, maxThreads + 1} {
		if err := SetThreads(n); err == nil {
			t.Errorf("SetThreads(%d) gave no error", n)
		}
	}
	if err := SetThreads(3); err != nil || Threads() != 3 {
		t.Errorf("after SetThreads(3): error %v, Threads() = %d", err, Threads())
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
