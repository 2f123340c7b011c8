package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/blas/testblas"

	"github.com/fallline/fallline/internal/kernel"
)

// forEachSet runs f under each set of kernels of this machine.
func forEachSet(t *testing.T, f func(t *testing.T)) {
	set := kernel.Name()
	defer kernel.Use(set)
	for _, name := range []string{"generic", "sse2", "avx2", "avx512"} {
		t.Run(name, func(t *testing.T) {
			if err := kernel.Use(name); err != nil {
				t.Skipf("not tested: %v", err)
			}
			f(t)
		})
	}
}

// TestGonum runs the tests of gonum for the operations that are not gonum's own.
func TestGonum(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		t.Run("Dgemm", func(t *testing.T) { testblas.TestDgemm(t, New()) })
		t.Run("Dgemv", func(t *testing.T) { testblas.DgemvTest(t, New()) })
		t.Run("Daxpy", func(t *testing.T) { testblas.DaxpyTest(t, New()) })
		t.Run("Ddot", func(t *testing.T) { testblas.DdotTest(t, New()) })
	})
}

var transposes = []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}

func random[T kernel.Float](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

// compare fails the test unless got equals want to within the rounding of n sums.
func compare[T kernel.Float](t *testing.T, what string, got, want []T, n int, eps float64) {
	t.Helper()
	for i := range want {
		if diff := math.Abs(float64(got[i] - want[i])); !(diff <= 8*eps*(4+float64(n))) {
			t.Fatalf("%s: element %d is %v, gonum gives %v", what, i, got[i], want[i])
		}
	}
}

func TestGemmEqualsGonum(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for range 400 {
			m, n, k := 1+r.IntN(70), 1+r.IntN(70), r.IntN(90)
			tA, tB := transposes[r.IntN(3)], transposes[r.IntN(3)]
			alpha, beta := float64(r.IntN(4)-1)/2, float64(r.IntN(4)-1)/2
			ld := max(m, n, k) + r.IntN(5)
			what := fmt.Sprintf("gemm %c%c %dx%dx%d alpha %v beta %v ld %d", tA, tB, m, n, k, alpha, beta, ld)
			size := ld * ld

			a, b, c := random[float64](r, size), random[float64](r, size), random[float64](r, size)
			want := append([]float64(nil), c...)
			gonum.Implementation{}.Dgemm(tA, tB, m, n, k, alpha, a, ld, b, ld, beta, want, ld)
			New().Dgemm(tA, tB, m, n, k, alpha, a, ld, b, ld, beta, c, ld)
			compare(t, what, c, want, k, 0x1p-52)

			a32, b32, c32 := random[float32](r, size), random[float32](r, size), random[float32](r, size)
			want32 := append([]float32(nil), c32...)
			gonum.Implementation{}.Sgemm(tA, tB, m, n, k, float32(alpha), a32, ld, b32, ld, float32(beta), want32, ld)
			New().Sgemm(tA, tB, m, n, k, float32(alpha), a32, ld, b32, ld, float32(beta), c32, ld)
			compare(t, what, c32, want32, k, 0x1p-23)
		}
	})
}

func TestGemvEqualsGonum(t *testing.T) {
	increments := []int{1, 1, 1, 2, 3, -1, -2}
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for range 600 {
			m, n := r.IntN(90), r.IntN(90)
			tA := transposes[r.IntN(3)]
			alpha, beta := float64(r.IntN(4)-1)/2, float64(r.IntN(4)-1)/2
			incX, incY := increments[r.IntN(len(increments))], increments[r.IntN(len(increments))]
			ld := max(1, n) + r.IntN(3)
			what := fmt.Sprintf("gemv %c %dx%d alpha %v beta %v ld %d increments %d %d", tA, m, n, alpha, beta, ld, incX, incY)

			a, x, y := random[float64](r, 100*ld), random[float64](r, 300), random[float64](r, 300)
			ny := m
			if tA != blas.NoTrans {
				ny = n
			}
			want, before := append([]float64(nil), y...), append([]float64(nil), y...)
			gonum.Implementation{}.Dgemv(tA, m, n, alpha, a, ld, x, incX, beta, want, incY)
			New().Dgemv(tA, m, n, alpha, a, ld, x, incX, beta, y, incY)
			restore(want, before, ny, incY)
			if incX < 0 || incY < 0 { // gonum's work
				restore(y, before, ny, incY)
			}
			compare(t, what, y, want, max(m, n), 0x1p-52)

			a32, x32, y32 := random[float32](r, 100*ld), random[float32](r, 300), random[float32](r, 300)
			want32 := append([]float32(nil), y32...)
			gonum.Implementation{}.Sgemv(tA, m, n, float32(alpha), a32, ld, x32, incX, float32(beta), want32, incY)
			original := append([]float32(nil), y32...)
			New().Sgemv(tA, m, n, float32(alpha), a32, ld, x32, incX, float32(beta), y32, incY)
			restore(want32, original, ny, incY)
			if incX < 0 || incY < 0 { // gonum's work
				restore(y32, original, ny, incY)
			}
			compare(t, what, y32, want32, max(m, n), 0x1p-23)
		}
	})
}

// restore undoes what gonum 0.16.0 does to elements that don't belong to a vector of n elements at distance inc: its
// GemvT clears one past the end, in float32 and, without assembly, in float64.
func restore[T kernel.Float](y, original []T, n, inc int) {
	inc = max(inc, -inc)
	for i := range y {
		if i%inc != 0 || i/inc >= n {
			y[i] = original[i]
		}
	}
}

func TestVectorsEqualGonum(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, n := range []int{0, 1, 7, 63, 64, 65, 1000, 50001} {
			for _, inc := range []int{1, 2, -1} {
				x, y := random[float32](r, 2*n), random[float32](r, 2*n)
				want := append([]float32(nil), y...)
				gonum.Implementation{}.Saxpy(n, 0.5, x, inc, want, 1)
				New().Saxpy(n, 0.5, x, inc, y, 1)
				compare(t, fmt.Sprintf("Saxpy %d increment %d", n, inc), y, want, 1, 0x1p-23)
				got, sum := New().Sdot(n, x, inc, y, 1), gonum.Implementation{}.Sdot(n, x, inc, y, 1)
				compare(t, fmt.Sprintf("Sdot %d increment %d", n, inc), []float32{got}, []float32{sum}, n, 0x1p-23)
			}
		}
	})
}

// panicOf returns what f panics with, or nil.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// TestBadArguments checks that bad arguments cause the panics of gonum.
func TestBadArguments(t *testing.T) {
	long := make([]float64, 1000)
	long32 := make([]float32, 1000)
	cut := func(n int) []float64 { return long[:n] }
	ours, theirs := New(), gonum.Implementation{}
	type library interface {
		blas.Float32
		blas.Float64
	}
	both := func(what string, f func(l library)) {
		t.Helper()
		got, want := panicOf(func() { f(ours) }), panicOf(func() { f(theirs) })
		if got != want {
			t.Errorf("%s: panic %v, gonum's is %v", what, got, want)
		}
	}
	for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans, 'X', 0} {
		for _, tB := range []blas.Transpose{blas.NoTrans, blas.Trans, 'n'} {
			for _, s := range [][3]int{{3, 4, 5}, {-1, 4, 5}, {3, -1, 5}, {3, 4, -1}, {0, 4, 5}, {3, 0, 5}, {3, 4, 0}, {1, 1, 1}, {-1, -1, -1}} {
				for _, ld := range [][3]int{{5, 5, 5}, {2, 5, 5}, {5, 2, 5}, {5, 5, 2}, {0, 0, 0}, {-1, 9, 9}} {
					for _, length := range [][3]int{{100, 100, 100}, {14, 100, 100}, {100, 14, 100}, {100, 100, 11}, {0, 0, 0}} {
						both(fmt.Sprint("gemm ", tA, tB, s, ld, length), func(l library) {
							l.Dgemm(tA, tB, s[0], s[1], s[2], 1, cut(length[0]), ld[0], cut(length[1]), ld[1], 1, cut(length[2]), ld[2])
						})
					}
				}
			}
		}
		for _, s := range [][2]int{{3, 4}, {-1, 4}, {3, -1}, {0, 4}, {3, 0}} {
			for _, inc := range [][3]int{{4, 1, 1}, {3, 1, 1}, {4, 0, 1}, {4, 1, 0}, {4, 2, -2}, {4, -3, 3}} {
				for _, length := range [][3]int{{100, 100, 100}, {11, 100, 100}, {100, 2, 100}, {100, 100, 2}, {100, 7, 7}, {0, 0, 0}} {
					both(fmt.Sprint("gemv ", tA, s, inc, length), func(l library) {
						l.Sgemv(tA, s[0], s[1], 1, long32[:length[0]], inc[0], long32[:length[1]], inc[1], 1, long32[:length[2]], inc[2])
					})
				}
			}
		}
	}
	for _, n := range []int{-1, 0, 1, 70} {
		for _, inc := range [][2]int{{1, 1}, {0, 1}, {1, 0}, {-1, 1}, {2, 2}} {
			for _, length := range [][2]int{{200, 200}, {69, 200}, {200, 69}, {0, 0}} {
				what := fmt.Sprint(n, inc, length)
				both("axpy "+what, func(l library) { l.Daxpy(n, 1, cut(length[0]), inc[0], cut(length[1]), inc[1]) })
				both("dot "+what, func(l library) { l.Ddot(n, cut(length[0]), inc[0], cut(length[1]), inc[1]) })
				both("saxpy "+what, func(l library) { l.Saxpy(n, 1, long32[:length[0]], inc[0], long32[:length[1]], inc[1]) })
				both("sdot "+what, func(l library) { l.Sdot(n, long32[:length[0]], inc[0], long32[:length[1]], inc[1]) })
			}
		}
	}
}

func TestAllocatesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	a, b, c := random[float32](r, 10000), random[float32](r, 10000), random[float32](r, 10000)
	l := New()
	for _, f := range []func(){
		func() { l.Sgemm(blas.NoTrans, blas.Trans, 100, 100, 100, 1, a, 100, b, 100, 0, c, 100) },
		func() { l.Sgemv(blas.Trans, 100, 100, 1, a, 100, b, 1, 0, c, 1) },
		func() { l.Saxpy(10000, 1, a, 1, b, 1) },
		func() { l.Sdot(10000, a, 1, b, 1) },
	} {
		if got := testing.AllocsPerRun(50, f); got != 0 {
			t.Errorf("%v allocations", got)
		}
	}
}
