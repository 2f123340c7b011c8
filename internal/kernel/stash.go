package kernel

import (
	"sync"
	"unsafe"
)

// Stash is a free list of scratch values of one type. Unlike sync.Pool it survives garbage collections, so
// that steady work allocates nothing; it holds as many values as were ever in use at once.
type Stash[T any] struct {
	mu   sync.Mutex
	free []*T
}

// Get returns a value that was put back, or a new zero one.
func (s *Stash[T]) Get() *T {
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

// Put gives v back. The caller clears what v shouldn't keep alive.
func (s *Stash[T]) Put(v *T) {
	s.mu.Lock()
	s.free = append(s.free, v)
	s.mu.Unlock()
}

// Stashes are the scratch values of one use for both types: StashOf picks the stash of T, whose values are J.
type Stashes[J32, J64 any] struct {
	f32 Stash[J32]
	f64 Stash[J64]
}

func StashOf[T Float, J, J32, J64 any](s *Stashes[J32, J64]) *Stash[J] {
	if Is32[T]() {
		return (*Stash[J])(unsafe.Pointer(&s.f32))
	}
	return (*Stash[J])(unsafe.Pointer(&s.f64))
}
