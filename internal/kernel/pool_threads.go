package kernel

import (
	"runtime"
	"sync/atomic"

	"github.com/pkg/errors"
)

var threads atomic.Int32 // 0: GOMAXPROCS

// SetThreads sets how many threads the kernels use, the caller's included; 0 means GOMAXPROCS, the default.
func SetThreads(n int) error {
	if n < 0 || n > 1<<16 {
		return errors.Errorf("kernel: thread count %d outside [0, 65536]", n)
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
