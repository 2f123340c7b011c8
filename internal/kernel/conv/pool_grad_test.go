package conv

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// TestWinogradWithPool wants the bits of the two steps, whatever the tiles are.
func TestWinogradWithPool(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(17, 18))
		for i, s := range []Shape{
			square(30, 7, 20, 48, 3, 1, 1), square(5, 15, 16, 20, 3, 1, 1), square(70, 3, 9, 33, 3, 1, 1), square(20, 8, 24, 16, 3, 1, 1),
			square(3, 9, 5, 6, 3, 1, 0), square(2, 31, 24, 32, 3, 1, 1),
		} {
			c := newConvPoolCase[float32](r, s, testPools[i%2])
			e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: i%3 == 0}
			full, want, arg := make([]float32, c.ny), make([]float32, len(c.z)), make([]uint16, len(c.z))
			winogradForward(s, c.x, c.w, full, e, winogradPool{})
			pool.Max(c.p, full, want, arg)
			winogradForward(s, c.x, c.w, nil, e, winogradPool{Shape: c.p, results: c.z, arg: c.arg})
			if !slices.Equal(c.z, want) || !slices.Equal(c.arg, arg) {
				t.Errorf("%+v: the result differs from convolution and pool", s)
			}
			dz := kerneltest.Normals[float32](r, len(c.z))
			p := winogradPool{Shape: c.p, results: dz, arg: arg}
			pool.MaxGrad(c.p, dz, arg, full)
			dx, dw, wantX, wantW := make([]float32, c.nx), make([]float32, c.nw), make([]float32, c.nx), make([]float32, c.nw)
			winogradBackwardData(s, full, c.w, wantX, winogradPool{})
			winogradBackwardData(s, nil, c.w, dx, p)
			if !slices.Equal(dx, wantX) {
				t.Errorf("%+v: the gradient by the input differs from the two steps", s)
			}
			winogradBackwardWeights(s, c.x, full, wantW, winogradPool{})
			winogradBackwardWeights(s, c.x, nil, dw, p)
			closeOnAverage(t, "dw", dw, inType[float64](wantW), c.ny/s.K) // summed in another order
		}
	})
}

// TestConvPoolBackward compares the gradients with the two steps, also where the method is another or the type.
func TestConvPoolBackward(t *testing.T) {
	kerneltest.ForEachType(t, testConvPoolBackward[float32], testConvPoolBackward[float64])
}

func testConvPoolBackward[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	strided := square(5, 9, 4, 6, 3, 2, 1)
	for i, s := range []Shape{square(3, 12, 3, 7, 5, 1, 0), square(150, 7, 32, 32, 3, 1, 1), strided, square(1, 7, 16, 16, 3, 1, 1)} {
		c := newConvPoolCase[T](r, s, testPools[i%2])
		PoolForward(s, c.p, c.x, c.w, c.z, c.arg, gemm.Epilogue[T]{})
		dy, dz := make([]T, c.ny), kerneltest.Normals[T](r, len(c.z))
		dx, dw, wantX, wantW := make([]T, c.nx), make([]T, c.nw), make([]T, c.nx), make([]T, c.nw)
		pool.MaxGrad(c.p, dz, c.arg, dy)
		BackwardData(s, dy, c.w, wantX)
		BackwardWeights(s, c.x, dy, wantW)
		PoolBackwardData(s, c.p, dz, c.arg, c.w, dx)
		PoolBackwardWeights(s, c.p, c.x, dz, c.arg, dw)
		if !slices.Equal(dx, wantX) {
			t.Errorf("%+v: the gradient by the input differs from the two steps", s)
		}
		if !slices.Equal(dw, wantW) {
			t.Errorf("%+v: the gradient by the filters differs from the two steps", s)
		}
	}
}

func TestSpreadsPool(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		fast := winogradInUse().fast
		for _, c := range []struct {
			s    Shape
			want bool
		}{
			{square(512, 31, 24, 64, 3, 1, 1), fast},
			{square(512, 7, 256, 256, 3, 1, 1), fast},
			{square(2, 7, 256, 256, 3, 1, 1), fast}, // the batch of a graph says nothing about that of a run
			{square(512, 31, 24, 64, 5, 1, 2), false},
			{square(16, 64, 24, 64, 3, 1, 1), false}, // too large to stay in cache
		} {
			if got := SpreadsPool[float32](c.s); got != c.want {
				t.Errorf("%+v: %t", c.s, got)
			}
			if SpreadsPool[float64](c.s) {
				t.Errorf("%+v: in float64", c.s)
			}
		}
	})
}

// TestWinogradPoolThreads wants the same bits on any threads, and no allocations.
func TestWinogradPoolThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	kerneltest.ForEachSet(t, func(t *testing.T) {
		if !winogradInUse().fast {
			t.Skip("the generic set never chooses the method")
		}
		c := newConvPoolCase[float32](rand.New(rand.NewPCG(21, 22)), square(100, 7, 32, 48, 3, 1, 1), testPools[0])
		dz := kerneltest.Normals[float32](rand.New(rand.NewPCG(23, 24)), len(c.z))
		var first [3][]float32
		kerneltest.WithThreads(t, []int{1, 2, 3, 8}, func(threads int) {
			got := [3][]float32{make([]float32, len(c.z)), make([]float32, c.nx), make([]float32, c.nw)}
			run := func() {
				PoolForward(c.s, c.p, c.x, c.w, got[0], c.arg, gemm.Epilogue[float32]{})
				PoolBackwardData(c.s, c.p, dz, c.arg, c.w, got[1])
				PoolBackwardWeights(c.s, c.p, c.x, dz, c.arg, got[2])
			}
			run()
			if threads == 1 {
				first = got
				if allocs := testing.AllocsPerRun(5, run); allocs != 0 {
					t.Errorf("%g allocations", allocs)
				}
				return
			}
			for i := range got {
				if !slices.Equal(got[i], first[i]) {
					t.Errorf("result %d differs between 1 and %d threads", i, threads)
				}
			}
		})
	})
}
