package graph

import (
	"reflect"
	"unsafe"

	"github.com/fallline/fallline/internal/memory"
	"gorgonia.org/tensor"
)

// arena is memory that all plans of a program share.
type arena struct{ bytes []byte }

// grow makes room for n bytes and says whether the memory moved.
func (a *arena) grow(n int) bool {
	if n <= len(a.bytes) {
		return false
	}
	a.bytes = memory.Aligned[byte](n)
	memory.HugePages(a.bytes)
	return true
}

// span is the place of a buffer in an arena.
type span struct{ lo, hi int }

// layout places buffers so that those in use at the same time don't overlap. Freed places are kept in order and joined.
type layout struct {
	free []span
	size int
}

// take returns the place of n bytes: in the smallest gap that holds them, else at the end.
func (l *layout) take(n int) span {
	n = (n + memory.Line - 1) &^ (memory.Line - 1)
	best := -1
	for i, f := range l.free {
		if f.hi-f.lo >= n && (best < 0 || f.hi-f.lo < l.free[best].hi-l.free[best].lo) {
			best = i
		}
	}
	if best >= 0 {
		s := span{l.free[best].lo, l.free[best].lo + n}
		if l.free[best].lo = s.hi; s.hi == l.free[best].hi {
			l.free = append(l.free[:best], l.free[best+1:]...)
		}
		return s
	}
	lo := l.size
	if k := len(l.free) - 1; k >= 0 && l.free[k].hi == l.size {
		lo = l.free[k].lo
		l.free = l.free[:k]
	}
	l.size = lo + n
	return span{lo, l.size}
}

// release gives a place back.
func (l *layout) release(s span) {
	i := 0
	for i < len(l.free) && l.free[i].lo < s.lo {
		i++
	}
	l.free = append(l.free, span{})
	copy(l.free[i+1:], l.free[i:])
	l.free[i] = s
	if i+1 < len(l.free) && l.free[i].hi == l.free[i+1].lo {
		l.free[i].hi = l.free[i+1].hi
		l.free = append(l.free[:i+1], l.free[i+2:]...)
	}
	if i > 0 && l.free[i-1].hi == l.free[i].lo {
		l.free[i-1].hi = l.free[i].hi
		l.free = append(l.free[:i], l.free[i+1:]...)
	}
}

// header makes a tensor over bytes, which must be aligned for the type and hold the shape's elements.
func header(dt tensor.Dtype, shape tensor.Shape, bytes []byte) *tensor.Dense {
	n := shape.TotalSize()
	backing := reflect.SliceAt(dt.Type, unsafe.Pointer(unsafe.SliceData(bytes)), n).Interface()
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}
