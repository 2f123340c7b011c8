package fallline

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// SetThreads sets how many threads the kernels use, the caller's included. 0, the default, means GOMAXPROCS. It holds
// for the whole program; results don't depend on it, to the bit. A negative number is an error.
func SetThreads(n int) error { return threads.Set(n) }

// Threads returns how many threads the kernels use at most.
func Threads() int { return threads.Count() }

// Kernels returns the name of the kernel set in use: "avx512", "avx2", "sse2" or "generic". It is the fastest that the
// machine has, unless the environment variable FALLLINE_KERNEL names another one; err says why that name was not
// followed, if it wasn't.
func Kernels() (name string, err error) { return kernel.Name(), kernel.Err() }
