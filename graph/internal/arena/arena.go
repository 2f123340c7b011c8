// Package arena places the buffers of a program in one piece of memory.
package arena

import "github.com/fallline/fallline/internal/memory"

// Arena is memory that all plans of a program share.
type Arena struct{ bytes []byte }

// Grow makes room for n bytes and says whether the memory moved.
func (a *Arena) Grow(n int) bool {
	if n <= len(a.bytes) {
		return false
	}
	a.bytes = memory.Aligned[byte](n)
	memory.HugePages(a.bytes)
	return true
}

// Size is how many bytes there are.
func (a *Arena) Size() int { return len(a.bytes) }

// At is the memory of a place.
func (a *Arena) At(s Span) []byte { return a.bytes[s.Lo:s.Hi:s.Hi] }

// Span is the place of a buffer in an arena.
type Span struct{ Lo, Hi int }

// Layout places buffers so that those in use at the same time don't overlap. Freed places are kept in order and joined.
type Layout struct {
	free []Span
	Size int // of the arena
}

// Take returns the place of n bytes: in the smallest gap that holds them, else at the end.
func (l *Layout) Take(n int) Span {
	n = (n + memory.Line - 1) &^ (memory.Line - 1)
	best := -1
	for i, f := range l.free {
		if f.Hi-f.Lo >= n && (best < 0 || f.Hi-f.Lo < l.free[best].Hi-l.free[best].Lo) {
			best = i
		}
	}
	if best >= 0 {
		s := Span{l.free[best].Lo, l.free[best].Lo + n}
		if l.free[best].Lo = s.Hi; s.Hi == l.free[best].Hi {
			l.free = append(l.free[:best], l.free[best+1:]...)
		}
		return s
	}
	lo := l.Size
	if k := len(l.free) - 1; k >= 0 && l.free[k].Hi == l.Size {
		lo = l.free[k].Lo
		l.free = l.free[:k]
	}
	l.Size = lo + n
	return Span{lo, l.Size}
}

// Release gives a place back.
func (l *Layout) Release(s Span) {
	i := 0
	for i < len(l.free) && l.free[i].Lo < s.Lo {
		i++
	}
	l.free = append(l.free, Span{})
	copy(l.free[i+1:], l.free[i:])
	l.free[i] = s
	if i+1 < len(l.free) && l.free[i].Hi == l.free[i+1].Lo {
		l.free[i].Hi = l.free[i+1].Hi
		l.free = append(l.free[:i+1], l.free[i+2:]...)
	}
	if i > 0 && l.free[i-1].Hi == l.free[i].Lo {
		l.free[i-1].Hi = l.free[i].Hi
		l.free = append(l.free[:i], l.free[i+1:]...)
	}
}
