package threads

import (
	"runtime"
	"sync/atomic"

	"github.com/pkg/errors"
)

// most bounds Set.
const most = 1 << 16

// wanted is the value of Set; 0 means GOMAXPROCS.
var wanted atomic.Int32

// Set sets how many threads the kernels use, the caller's included; 0 means GOMAXPROCS, the
// default. Work is divided for n threads even where GOMAXPROCS allows fewer to run.
func Set(n int) error {
	if n < 0 || n > most {
		return errors.Errorf("kernel: thread count %d outside [0, %d]", n, most)
	}
	wanted.Store(int32(n))
	return nil
}

// Count returns how many threads the kernels use at most.
func Count() int {
	if n := wanted.Load(); n > 0 {
		return int(n)
	}
	return runtime.GOMAXPROCS(0)
}

// size returns how many threads may work on a loop. Asking for GOMAXPROCS takes a lock of the scheduler, so
// that it is done once in a while only. The caller holds busy.
func (s *scheduler) size() int {
	if s.loops%64 == 0 {
		s.procs = runtime.GOMAXPROCS(0)
	}
	s.loops++
	size := s.procs
	if n := int(wanted.Load()); n > 0 {
		size = min(size, n)
	}
	if n := int32(size - 1); s.enabled.Load() != n {
		s.enabled.Store(n)
	}
	return size
}
