package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// longest is how long the operands of these tests are at most: several times what the widest unrolled loop takes.
const longest = 130

// same says whether x and y are equal, NaNs among them.
func same[T Float](x, y T) bool { return x == y || x != x && y != y }

// line is the bytes of a cache line, and of the longest vector.
const line = 64

// field is a slice between guard values, which begins offset elements after the start of a cache line.
type field[T any] struct {
	all   []T
	at    int
	guard T
}

const fieldGuard = 32

func newField[T any](n, offset int, guard T) *field[T] {
	size := int(unsafe.Sizeof(guard))
	all := make([]T, n+2*fieldGuard+offset+line/size)
	past := int(uintptr(unsafe.Pointer(&all[0]))%line) / size
	f := &field[T]{all: all[(line/size-past)%(line/size):][:n+2*fieldGuard+offset], at: fieldGuard + offset, guard: guard}
	for i := range f.all {
		f.all[i] = guard
	}
	return f
}

// slice is what lies between the guards, with no room to grow; of a zero field it is nil.
func (f *field[T]) slice() []T {
	if f.all == nil {
		return nil
	}
	end := len(f.all) - fieldGuard
	return f.all[f.at:end:end]
}

// spoiled says whether a guard was written.
func spoiled[T comparable](f *field[T]) bool {
	for i, v := range f.all {
		if (i < f.at || i >= len(f.all)-fieldGuard) && v != f.guard {
			return true
		}
	}
	return false
}

// values fills a field with numbers of many sizes and some special ones; tame leaves out what isn't finite.
func values[T Float](r *rand.Rand, n, offset int, tame bool) *field[T] {
	f := newField[T](n, offset, 12345)
	special := []float64{0, math.Copysign(0, -1), 1, -1, 1e-40, -1e-40, 3e38, -3e38, math.NaN(), math.Inf(1), math.Inf(-1)}
	if tame {
		special = special[:4]
	}
	x := f.slice()
	for i := range x {
		if r.IntN(8) == 0 {
			x[i] = T(special[r.IntN(len(special))])
		} else {
			x[i] = T(r.NormFloat64() * math.Exp2(float64(r.IntN(8))))
		}
	}
	return f
}

// twin is a field like f, at the same alignment.
func twin[T any](f *field[T]) *field[T] {
	if f.all == nil {
		return &field[T]{}
	}
	g := newField(len(f.slice()), f.at-fieldGuard, f.guard)
	copy(g.all, f.all)
	return g
}

// compare holds two fields equal, guards included.
func compare[T Float](t *testing.T, what string, got, want *field[T]) {
	t.Helper()
	if spoiled(got) {
		t.Fatalf("%s: wrote outside its slice", what)
	}
	for i, w := range want.slice() {
		if g := got.slice()[i]; !same(g, w) {
			t.Fatalf("%s: element %d is %v, by definition %v", what, i, g, w)
		}
	}
}

// alignments is how many elements a cache line has, each of which an operand may begin at.
func alignments[T Float]() int { return line / sizeOf[T]() }

// everyAlignment runs f for n elements at all alignments, of which a short test leaves out three in four, others for each n. Operands whose
// offsets are odd multiples of f's have every alignment, too.
func everyAlignment[T Float](n int, f func(offset int)) {
	for offset := range alignments[T]() {
		if !testing.Short() || offset%4 == n%4 {
			f(offset)
		}
	}
}

// everyLength runs f for all lengths at all alignments.
func everyLength[T Float](f func(n, offset int)) {
	for n := range longest + 1 {
		everyAlignment[T](n, func(offset int) { f(n, offset) })
	}
}

func TestField(t *testing.T) {
	for n := range 5 {
		for offset := range 40 {
			f := newField(n, offset, 1.5)
			if len(f.slice()) != n || cap(f.slice()) != n || spoiled(f) {
				t.Fatalf("%d elements at %d: %d, with room for %d", n, offset, len(f.slice()), cap(f.slice()))
			}
			if at := uintptr(unsafe.Pointer(&f.all[f.at])); int(at%line)/8 != offset%8 {
				t.Errorf("%d elements at %d begin at %#x", n, offset, at)
			}
			for _, i := range []int{f.at - 1, f.at + n} {
				f.all[i] = 2
				if !spoiled(f) {
					t.Errorf("%d elements at %d: element %d has changed unnoticed", n, offset, i-f.at)
				}
				f.all[i] = 1.5
			}
		}
	}
}
