package conv

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// TestConvPoolBackward compares the gradients with the two steps, also where the method is another or the type.
func TestConvPoolBackward(t *testing.T) {
	kerneltest.Distinct.EachType(t, testConvPoolBackward[float32], testConvPoolBackward[float64])
}

func testConvPoolBackward[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	strided := convtest.Square(5, 9, 4, 6, 3, 2, 1)
	for i, s := range []direct.Shape{convtest.Square(3, 12, 3, 7, 5, 1, 0), convtest.Square(150, 7, 32, 32, 3, 1, 1), strided, convtest.Square(1, 7, 16, 16, 3, 1, 1)} {
		c := convtest.NewPoolCase[T](r, s, convtest.Pools[i%2])
		PoolForward(s, c.P, c.X, c.W, c.Z, c.Arg, gemm.Epilogue[T]{})
		dy, dz := make([]T, c.Ny), kerneltest.Normals[T](r, len(c.Z))
		dx, dw, wantX, wantW := make([]T, c.Nx), make([]T, c.Nw), make([]T, c.Nx), make([]T, c.Nw)
		pool.MaxGrad(c.P, dz, c.Arg, dy)
		BackwardData(s, dy, c.W, wantX)
		BackwardWeights(s, c.X, dy, wantW)
		PoolBackwardData(s, c.P, dz, c.Arg, c.W, dx)
		PoolBackwardWeights(s, c.P, c.X, dz, c.Arg, dw)
		if !slices.Equal(dx, wantX) {
			t.Errorf("%+v: the gradient by the input differs from the two steps", s)
		}
		if !slices.Equal(dw, wantW) {
			t.Errorf("%+v: the gradient by the filters differs from the two steps", s)
		}
	}
}

func TestSpreadsPool(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		fast := winograd.Fast()
		for _, c := range []struct {
			s    direct.Shape
			want bool
		}{
			{convtest.Square(512, 31, 24, 64, 3, 1, 1), fast},
			{convtest.Square(512, 7, 256, 256, 3, 1, 1), fast},
			{convtest.Square(2, 7, 256, 256, 3, 1, 1), fast}, // the batch of a graph says nothing about that of a run
			{convtest.Square(512, 31, 24, 64, 5, 1, 2), false},
			{convtest.Square(16, 64, 24, 64, 3, 1, 1), false}, // too large to stay in cache
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
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		if !winograd.Fast() {
			t.Skip("the generic set never chooses the method")
		}
		c := convtest.NewPoolCase[float32](rand.New(rand.NewPCG(21, 22)), convtest.Square(100, 7, 32, 48, 3, 1, 1), convtest.Pools[0])
		dz := kerneltest.Normals[float32](rand.New(rand.NewPCG(23, 24)), len(c.Z))
		var first [3][]float32
		kerneltest.WithThreads(t, []int{1, 2, 3, 8}, func(threads int) {
			got := [3][]float32{make([]float32, len(c.Z)), make([]float32, c.Nx), make([]float32, c.Nw)}
			run := func() {
				PoolForward(c.S, c.P, c.X, c.W, got[0], c.Arg, gemm.Epilogue[float32]{})
				PoolBackwardData(c.S, c.P, dz, c.Arg, c.W, got[1])
				PoolBackwardWeights(c.S, c.P, c.X, dz, c.Arg, got[2])
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
