package winograd

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// TestWinogradWithPool wants the bits of the two steps, whatever the tiles are.
func TestWinogradWithPool(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(17, 18))
		for i, s := range []direct.Shape{
			convtest.Square(30, 7, 20, 48, 3, 1, 1), convtest.Square(5, 15, 16, 20, 3, 1, 1), convtest.Square(70, 3, 9, 33, 3, 1, 1), convtest.Square(20, 8, 24, 16, 3, 1, 1),
			convtest.Square(3, 9, 5, 6, 3, 1, 0), convtest.Square(2, 31, 24, 32, 3, 1, 1),
		} {
			c := convtest.NewPoolCase[float32](r, s, convtest.Pools[i%2])
			e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: i%3 == 0}
			full, want, arg := make([]float32, c.Ny), make([]float32, len(c.Z)), make([]uint16, len(c.Z))
			Forward(s, c.X, c.W, full, e, Pool{})
			pool.Max(c.P, full, want, arg)
			Forward(s, c.X, c.W, nil, e, Pool{Shape: c.P, Results: c.Z, Arg: c.Arg})
			if !slices.Equal(c.Z, want) || !slices.Equal(c.Arg, arg) {
				t.Errorf("%+v: the result differs from convolution and pool", s)
			}
			dz := kerneltest.Normals[float32](r, len(c.Z))
			p := Pool{Shape: c.P, Results: dz, Arg: arg}
			pool.MaxGrad(c.P, dz, arg, full)
			dx, dw, wantX, wantW := make([]float32, c.Nx), make([]float32, c.Nw), make([]float32, c.Nx), make([]float32, c.Nw)
			BackwardData(s, full, c.W, wantX, Pool{})
			BackwardData(s, nil, c.W, dx, p)
			if !slices.Equal(dx, wantX) {
				t.Errorf("%+v: the gradient by the input differs from the two steps", s)
			}
			BackwardWeights(s, c.X, full, wantW, Pool{})
			BackwardWeights(s, c.X, nil, dw, p)
			closeOnAverage(t, "dw", dw, convtest.InType[float64](wantW), c.Ny/s.K) // summed in another order
		}
	})
}
