package stock

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// chunk is how many elements a thread takes at a time.
const chunk = 8192

// loop applies a function to chunks of two arguments and a result, on several threads where that pays. A kernel keeps
// its loop from run to run, so that starting it allocates nothing.
type loop[T kernel.Float] struct {
	f       func(x, y, z []T)
	x, y, z []T
}

// run calls f on x, y and z cut into chunks. A single element of x or y serves all chunks.
func (l *loop[T]) run(x, y, z []T) {
	wantPair(len(x), len(y), len(z))
	if len(z) <= 2*chunk {
		l.f(x, y, z)
		return
	}
	l.x, l.y, l.z = x, y, z
	threads.Parallel((len(z)+chunk-1)/chunk, l)
	l.x, l.y, l.z = nil, nil, nil
}

// Run does chunk i.
func (l *loop[T]) Run(i int) {
	lo, hi := i*chunk, min((i+1)*chunk, len(l.z))
	x, y := l.x, l.y
	if len(x) != 1 {
		x = x[lo:hi]
	}
	if len(y) != 1 {
		y = y[lo:hi]
	}
	l.f(x, y, l.z[lo:hi])
}
