package norm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// pooledShapes are pools whose windows lie apart and fill the image, and others; the last are cut into several parts.
var pooledShapes = []pool.Shape{
	{N: 3, H: 4, W: 6, C: 5, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{N: 2, H: 6, W: 6, C: 3, KH: 3, KW: 2, StrideH: 3, StrideW: 2},
	{N: 2, H: 5, W: 7, C: 4, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{N: 2, H: 6, W: 5, C: 3, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
	{N: 3, H: 4, W: 4, C: 70, KH: 4, KW: 4, StrideH: 4, StrideW: 4},
	{N: 9, H: 32, W: 32, C: 16, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{N: 5, H: 16, W: 16, C: 100, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{N: 2, H: 4, W: 4, C: 1100, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
}

func TestBatchNormMaxPool(t *testing.T) {
	kerneltest.Distinct.EachType(t, testNormPool[float32], testNormPool[float64])
}

// testNormPool compares with the two steps, and the gradient with the formulas for what the pool's gradient gives.
func testNormPool[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(83, 84))
	tolerance := 1e-11
	if kernel.Is32[T]() {
		tolerance = 2e-5
	}
	for _, p := range pooledShapes {
		n := newNormCase[T](r, p.N*p.H*p.W, p.C)
		in, out := p.Sizes()
		for n.Then = range ThenGelu + 1 {
			what := fmt.Sprintf("%v then %d", p, n.Then)
			z, want, wantArg := make([]T, in), make([]T, out), make([]uint16, out)
			BatchNormApply(n.Norm, n.x, z)
			pool.Max(p, z, want, wantArg)
			y, arg := kerneltest.NewField[T](out, 3, 7), kerneltest.NewField[uint16](out, 1, 9)
			BatchNormMaxPool(n.Norm, p, n.x, y.Slice(), arg.Slice())
			if !kerneltest.SameBits(y.Slice(), want) || kerneltest.Spoiled(y) || kerneltest.Spoiled(arg) {
				t.Fatalf("%s: not what the steps give", what)
			}
			for i, a := range arg.Slice() {
				if a != wantArg[i] && !(n.Then == ThenRelu && want[i] == 0) {
					t.Fatalf("%s: maximum %d in cell %d, want %d", what, i, a, wantArg[i])
				}
			}
			dy, got := kerneltest.Normals[T](r, out), newNormGradient[T](n.Rows, n.C)
			BatchNormMaxPoolGrad(n.Norm, p, n.x, dy, arg.Slice(), got.dx, got.dgamma, got.dbeta)
			pool.MaxGrad(p, dy, arg.Slice(), n.dy)
			n.check(t, got, tolerance)
		}
	}
}
