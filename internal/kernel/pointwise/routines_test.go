package pointwise

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// The tests of this file hold every routine of every kernel set equal to its definition: the same bits, but that NaNs
// are all alike and −0 is 0.

// mappings are the fields of k that are mappings, by their names.
func mappings[T kernel.Float](k *routines[T]) map[string]mapping[T] {
	all := map[string]mapping[T]{}
	v := reflect.ValueOf(k).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if m, ok := reflect.NewAt(field.Type, v.Field(i).Addr().UnsafePointer()).Interface().(*mapping[T]); ok {
			all[field.Name] = *m
		}
	}
	return all
}

func TestMappingsEqualDefinitions(t *testing.T) {
	kerneltest.Faster.EachType(t, testMappings[float32], testMappings[float64])
}

func testMappings[T kernel.Float](t *testing.T) {
	definition, tested := definitions[T](), 0
	ours := mappings(inUse[T]())
	for name, want := range mappings(&definition) {
		if reflect.ValueOf(ours[name]).Pointer() == reflect.ValueOf(want).Pointer() {
			continue // the set has no other than the definition
		}
		tested++
		r := rand.New(rand.NewPCG(1, 2))
		kerneltest.EveryLength[T](func(n, offset int) {
			x, y, z := kerneltest.Values[T](r, n, offset, false), kerneltest.Values[T](r, n, 3*offset+1, false), kerneltest.Values[T](r, n, 5*offset+2, false)
			wantZ := kerneltest.Twin(z)
			want(0.7, x.Slice(), y.Slice(), wantZ.Slice())
			ours[name](0.7, x.Slice(), y.Slice(), z.Slice())
			kerneltest.Compare(t, z, wantZ, "%s of %d elements at %d", name, n, offset)
			want(0, x.Slice(), y.Slice(), wantZ.Slice())
			ours[name](0, x.Slice(), y.Slice(), z.Slice())
			kerneltest.Compare(t, z, wantZ, "%s with 0 of %d elements at %d", name, n, offset)
			wantX := kerneltest.Twin(x)
			want(0.7, wantX.Slice(), y.Slice(), wantX.Slice())
			ours[name](0.7, x.Slice(), y.Slice(), x.Slice())
			kerneltest.Compare(t, x, wantX, "%s of %d elements at %d in place", name, n, offset)
		})
	}
	if least := map[kernel.Set]int{kernel.SSE2: 1, kernel.AVX2: 14, kernel.AVX512: 14}[kernel.Active()]; tested < least {
		t.Errorf("%d mappings found, want %d or more", tested, least)
	}
}

func TestReductionsEqualDefinitions(t *testing.T) {
	kerneltest.Faster.EachType(t, testReductions[float32], testReductions[float64])
}

func testReductions[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := 0; n <= 10*sumLanes; n += sumLanes {
		kerneltest.EveryAlignment[T](n/sumLanes, func(offset int) {
			x, y := kerneltest.Values[T](r, n, offset, true).Slice(), kerneltest.Values[T](r, n, 3*offset+1, true).Slice()
			k := inUse[T]()
			if got, want := k.dot(x, y), dotGeneric(x, y); got != want {
				t.Errorf("dot of %d elements at %d is %v, by definition %v", n, offset, got, want)
			}
			if got, want := k.sum(x), sumGeneric(x); got != want {
				t.Errorf("sum of %d elements at %d is %v, by definition %v", n, offset, got, want)
			}
		})
	}
}

func TestDropoutEqualsDefinition(t *testing.T) {
	kerneltest.Vectors.EachType(t, testDropout[float32], testDropout[float64])
}

func testDropout[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, threshold := range []uint32{1, 1 << 30, 1 << 31, 3 << 30, math.MaxUint32} {
		kerneltest.EveryLength[T](func(n, offset int) {
			x, y := kerneltest.Values[T](r, n, offset, false), kerneltest.Values[T](r, n, 3*offset+1, false)
			want := kerneltest.Twin(y)
			start, lo, hi := r.Uint32(), r.Uint32(), r.Uint32()
			dropoutGeneric(start, lo, hi, threshold, 1.25, x.Slice(), want.Slice())
			inUse[T]().dropout(start, lo, hi, threshold, 1.25, x.Slice(), y.Slice())
			kerneltest.Compare(t, y, want, "dropout of %d elements at %d, threshold %d", n, offset, threshold)
		})
	}
}

func TestTopBitsEqualDefinition(t *testing.T) {
	kerneltest.Vectors.EachType(t, testTopBits[float32], testTopBits[float64])
}

func testTopBits[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for n := topLeast; n <= kerneltest.Longest; n++ {
		kerneltest.EveryAlignment[T](n, func(offset int) {
			x := kerneltest.Values[T](r, n, offset, true).Slice()
			if n%3 == 0 { // with the greatest at every place
				x[(n/3+offset)%n] = T(math.Inf(-1))
			}
			if got, want := inUse[T]().topBits(x), topBitsGeneric(x); got != want {
				t.Errorf("top bits of %d elements at %d are %x, by definition %x", n, offset, got, want)
			}
		})
	}
}
