package threads_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/threads"
)

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
	kerneltest.WithThreads(t, []int{1, 2, 3, 8}, func(int) {
		for _, n := range []int{0, 1, 2, 3, 7, 64, 1000} {
			c := &counter{make([]atomic.Int32, n)}
			for range 20 {
				threads.Parallel(n, c)
			}
			c.check(t, 20)
		}
	})
}

func TestParallelUsesWorkers(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("not tested: one processor")
	}
	kerneltest.WithThreads(t, []int{2}, func(int) {
		m := &meeting{}
		m.both.Add(2)
		threads.Parallel(2, m)
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

func (n *nest) Run(int) { threads.Parallel(len(n.inner.calls), n.inner) }

func TestParallelNested(t *testing.T) {
	c := &counter{make([]atomic.Int32, 9)}
	threads.Parallel(5, &nest{c})
	c.check(t, 5)
}

func TestParallelConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := &counter{make([]atomic.Int32, 17)}
			for range 500 {
				threads.Parallel(17, c)
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
	kerneltest.WithThreads(t, []int{2, 8}, func(int) {
		for at := range 40 {
			b := &bomb{counter{make([]atomic.Int32, 40)}, at}
			func() {
				defer func() {
					if r := recover(); r != "bang" {
						t.Fatalf("recovered %v, want bang", r)
					}
				}()
				threads.Parallel(40, b)
			}()
			b.check(t, 1)
			c := &counter{make([]atomic.Int32, 40)}
			threads.Parallel(40, c)
			c.check(t, 1)
		}
	})
}

func TestParallelRaisesPanicOfOneThread(t *testing.T) {
	kerneltest.WithThreads(t, []int{1}, func(int) {
		defer func() {
			if r := recover(); r != "bang" {
				t.Fatalf("recovered %v, want bang", r)
			}
		}()
		threads.Parallel(3, &bomb{counter{make([]atomic.Int32, 3)}, 1})
	})
}

func TestParallelAllocatesNothing(t *testing.T) {
	kerneltest.WithThreads(t, []int{1, 2, 8}, func(n int) {
		c := &counter{make([]atomic.Int32, 33)}
		if got := testing.AllocsPerRun(200, func() { threads.Parallel(33, c) }); got != 0 {
			t.Errorf("%d threads: %v allocations a loop", n, got)
		}
	})
}
