package kernel

import (
	"runtime"
	"sync/atomic"

	"github.com/pkg/errors"
)

// maxThreads bounds SetThreads.
const maxThreads = 1 << 16

// threads is the value of SetThreads; 0 means GOMAXPROCS.
var threads atomic.Int32

// SetThreads sets how many threads the kernels use, the caller's included; 0 means GOMAXPROCS, the
// default. Work is divided for n threads even where GOMAXPROCS allows fewer to run.
func SetThreads(n int) error {
	if n < 0 || n > maxThreads {
		return errors.Errorf("kernel: thread count %d outside [0, %d]", n, maxThreads)
	}
	threads.Store(int32(n))
	return nil
}

// Threads returns how many threads the kernels use at most.
func Threads() int {
	if n := threads.Load(); n > 0 {
		return int(n)
	}
	return runtime.GOMAXPROCS(0)
}

// size returns how many threads may work on a loop. Asking for GOMAXPROCS takes a lock of the scheduler, so
// that it is done once in a while only. The caller holds busy.
func (p *pool) size() int {
	if p.boss.bell == nil {
		p.boss.init()
	}
	if p.loops%64 == 0 {
		p.procs = runtime.GOMAXPROCS(0)
	}
	p.loops++
	size := p.procs
	if n := int(threads.Load()); n > 0 {
		size = min(size, n)
	}
	if n := int32(size - 1); p.enabled.Load() != n {
		p.enabled.Store(n)
	}
	return size
}
