package conv

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// TestConvPoolIsConvThenPool wants the bits of the two steps, NaNs and ties included.
func TestConvPoolIsConvThenPool(t *testing.T) {
	kerneltest.Distinct.EachType(t, testConvPool[float32], testConvPool[float64])
}

func testConvPool[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	shapes := append(convtest.Shapes(r, 60), convtest.Square(40, 12, 3, 7, 5, 1, 0), convtest.Square(16, 9, 2, 33, 3, 1, 1), convtest.Square(32, 28, 1, 20, 5, 1, 0))
	for i, s := range shapes {
		p := pool.Shape{N: s.N, C: s.K, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
		p.H, p.W = s.Out()
		switch i % 4 {
		case 1:
			p.KH, p.KW, p.StrideH, p.StrideW = 1+r.IntN(4), 1+r.IntN(4), 1+r.IntN(3), 1+r.IntN(3)
			p.PadH, p.PadW = r.IntN(p.KH), r.IntN(p.KW)
		case 2:
			p.KH, p.KW = 1+r.IntN(3), 1+r.IntN(3)
			p.StrideH, p.StrideW = p.KH, p.KW
		}
		if p.H+2*p.PadH < p.KH || p.W+2*p.PadW < p.KW {
			continue
		}
		ph, pw := p.Out()
		nx, nw, nz := convtest.Sizes(s)
		x, w := kerneltest.Normals[T](r, nx), kerneltest.Normals[T](r, nw)
		for range r.IntN(3) {
			x[r.IntN(nx)] = T(math.NaN())
		}
		e := gemm.Epilogue[T]{Bias: kerneltest.Normals[T](r, s.K), ReLU: i%3 != 0}
		z, ny := make([]T, nz), s.N*ph*pw*s.K
		want, wantArg := make([]T, ny), make([]uint16, ny)
		Forward(s, x, w, z, e)
		pool.Max(p, z, want, wantArg)

		y, arg := kerneltest.NewField[T](ny, i%16, 12345), kerneltest.NewField[uint16](ny, i%32, 777)
		PoolForward(s, p, x, w, y.Slice(), arg.Slice(), e)
		if kerneltest.Spoiled(y) || kerneltest.Spoiled(arg) {
			t.Fatalf("%+v %+v: wrote outside the results", s, p)
		}
		if !slices.Equal(arg.Slice(), wantArg) {
			t.Errorf("%+v %+v: arg differs", s, p)
		}
		for i, v := range y.Slice() {
			if math.Float64bits(float64(v)) != math.Float64bits(float64(want[i])) && !(v != v && want[i] != want[i]) {
				t.Fatalf("%+v %+v: y[%d] = %g, want %g", s, p, i, v, want[i])
			}
		}
	}
}

func TestConvPoolAllocatesNothing(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, n := range []int{3, 32, 35} {
			s := convtest.Square(n, 10, 2, 3, 3, 1, 0)
			p := pool.Shape{KH: 2, KW: 2, StrideH: 2, StrideW: 2}
			c := convtest.NewPoolCase[float32](r, s, p)
			e, dx, dw := gemm.Epilogue[float32]{ReLU: true}, make([]float32, c.Nx), make([]float32, c.Nw)
			allocs := testing.AllocsPerRun(20, func() {
				PoolForward(s, c.P, c.X, c.W, c.Z, c.Arg, e)
				PoolBackwardData(s, c.P, c.Z, c.Arg, c.W, dx)
				PoolBackwardWeights(s, c.P, c.X, c.Z, c.Arg, dw)
			})
			if allocs != 0 {
				t.Errorf("%d images: %g allocations", n, allocs)
			}
		}
	})
}
