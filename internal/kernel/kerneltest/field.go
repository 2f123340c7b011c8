package kerneltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// Longest is how long the operands of these tests are at most: several times what the widest unrolled loop takes.
const Longest = 130

// Same says whether x and y are equal, NaNs among them.
func Same[T kernel.Float](x, y T) bool { return x == y || x != x && y != y }

// line is the bytes of a cache line, and of the longest vector.
const line = 64

// Field is a slice between guard values, which begins offset elements after the start of a cache line.
type Field[T any] struct {
	All   []T
	at    int
	guard T
}

const fieldGuard = 32

func NewField[T any](n, offset int, guard T) *Field[T] {
	size := int(unsafe.Sizeof(guard))
	all := make([]T, n+2*fieldGuard+offset+line/size)
	past := int(uintptr(unsafe.Pointer(&all[0]))%line) / size
	f := &Field[T]{All: all[(line/size-past)%(line/size):][:n+2*fieldGuard+offset], at: fieldGuard + offset, guard: guard}
	for i := range f.All {
		f.All[i] = guard
	}
	return f
}

// Slice is what lies between the guards, with no room to grow; of a zero field it is nil.
func (f *Field[T]) Slice() []T {
	if f.All == nil {
		return nil
	}
	end := len(f.All) - fieldGuard
	return f.All[f.at:end:end]
}

// Spoiled says whether a guard was written.
func Spoiled[T comparable](f *Field[T]) bool {
	for i, v := range f.All {
		if (i < f.at || i >= len(f.All)-fieldGuard) && v != f.guard {
			return true
		}
	}
	return false
}

// Values fills a field with numbers of many sizes and some special ones; tame leaves out what isn't finite.
func Values[T kernel.Float](r *rand.Rand, n, offset int, tame bool) *Field[T] {
	f := NewField[T](n, offset, 12345)
	stock := stockOf[T](tame)
	for x := f.Slice(); len(x) > 0; {
		x = x[copy(x, stock[r.IntN(len(stock)):]):]
	}
	return f
}

// stocks are numbers for Values by type and tameness: drawing them is dearer than what is done with them.
var stocks = [2][2]func() any{
	{sync.OnceValue(newStock[float32](false)), sync.OnceValue(newStock[float32](true))},
	{sync.OnceValue(newStock[float64](false)), sync.OnceValue(newStock[float64](true))},
}

func stockOf[T kernel.Float](tame bool) []T {
	kind, tamed := 0, 0
	if !kernel.Is32[T]() {
		kind = 1
	}
	if tame {
		tamed = 1
	}
	return stocks[kind][tamed]().([]T)
}

func newStock[T kernel.Float](tame bool) func() any {
	return func() any {
		special := []float64{0, math.Copysign(0, -1), 1, -1, 1e-40, -1e-40, 3e38, -3e38, math.NaN(), math.Inf(1), math.Inf(-1)}
		if tame {
			special = special[:4]
		}
		r := rand.New(rand.NewPCG(1, 1))
		x := make([]T, 1<<16)
		for i := range x {
			if r.IntN(8) == 0 {
				x[i] = T(special[r.IntN(len(special))])
			} else {
				x[i] = T(r.NormFloat64() * math.Exp2(float64(r.IntN(8))))
			}
		}
		return x
	}
}

// Twin is a field like f, at the same alignment.
func Twin[T any](f *Field[T]) *Field[T] {
	if f.All == nil {
		return &Field[T]{}
	}
	g := NewField(len(f.Slice()), f.at-fieldGuard, f.guard)
	copy(g.All, f.All)
	return g
}

// Compare holds two fields equal, guards included. The format and its arguments say what they are.
func Compare[T kernel.Float](t *testing.T, got, want *Field[T], format string, args ...any) {
	t.Helper()
	if Spoiled(got) {
		t.Fatalf("%s: wrote outside its slice", fmt.Sprintf(format, args...))
	}
	x := got.Slice()
	for i, w := range want.Slice() {
		if g := x[i]; !Same(g, w) {
			t.Fatalf("%s: element %d is %v, by definition %v", fmt.Sprintf(format, args...), i, g, w)
		}
	}
}

// Alignments is how many elements a cache line has, each of which an operand may begin at.
func Alignments[T kernel.Float]() int { return line / kernel.SizeOf[T]() }

// EveryAlignment runs f for n elements at all alignments, of which a short test leaves out three in four, others for
// each n. Operands whose offsets are odd multiples of f's have every alignment, too.
func EveryAlignment[T kernel.Float](n int, f func(offset int)) {
	for offset := range Alignments[T]() {
		if !testing.Short() || offset%4 == n%4 {
			f(offset)
		}
	}
}

// EveryLength runs f for all lengths at all alignments.
func EveryLength[T kernel.Float](f func(n, offset int)) {
	for n := range Longest + 1 {
		EveryAlignment[T](n, func(offset int) { f(n, offset) })
	}
}

// SameBits says whether x and y are equal to the bit.
func SameBits[T kernel.Float](x, y []T) bool {
	bytes := func(x []T) string {
		return unsafe.String((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*kernel.SizeOf[T]())
	}
	return bytes(x) == bytes(y)
}
