package kernel

import "sync"

// stash is a free list of scratch values of one type. Unlike sync.Pool it survives garbage collections, so
// that steady work allocates nothing; it holds as many values as were ever in use at once.
type stash[T any] struct {
	mu   sync.Mutex
	free []*T
}

// get returns a value that was put back, or a new zero one.
func (s *stash[T]) get() *T {
	s.mu.Lock()
	n := len(s.free)
	if n == 0 {
		s.mu.Unlock()
		return new(T)
	}
	v := s.free[n-1]
	s.free[n-1] = nil
	s.free = s.free[:n-1]
	s.mu.Unlock()
	return v
}

// put gives v back. The caller clears what v shouldn't keep alive.
func (s *stash[T]) put(v *T) {
	s.mu.Lock()
	s.free = append(s.free, v)
	s.mu.Unlock()
}
