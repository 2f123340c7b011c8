package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// normPools are pools whose windows lie apart and fill the image, and others; the last are cut into several parts.
var normPools = []Pool{
	{3, 4, 6, 5, 2, 2, 2, 2, 0, 0},
	{2, 6, 6, 3, 3, 2, 3, 2, 0, 0},
	{2, 5, 7, 4, 2, 2, 2, 2, 0, 0},
	{2, 6, 5, 3, 3, 3, 2, 2, 1, 1},
	{3, 4, 4, 70, 4, 4, 4, 4, 0, 0},
	{9, 32, 32, 16, 2, 2, 2, 2, 0, 0},
	{5, 16, 16, 100, 2, 2, 2, 2, 0, 0},
	{2, 4, 4, 1100, 2, 2, 2, 2, 0, 0},
}

func TestBatchNormMaxPool(t *testing.T) {
	forEachType(t, testNormPool[float32], testNormPool[float64])
}

// testNormPool compares with the two steps, and the gradient with the formulas for what the pool's gradient gives.
func testNormPool[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(83, 84))
	tolerance := 1e-11
	if is32[T]() {
		tolerance = 2e-5
	}
	for _, p := range normPools {
		n := newNormCase[T](r, p.N*p.H*p.W, p.C)
		in, out := p.sizes()
		for n.Then = range ThenGelu + 1 {
			what := fmt.Sprintf("%v then %d", p, n.Then)
			z, want, wantArg := make([]T, in), make([]T, out), make([]uint16, out)
			BatchNormApply(n.Norm, n.x, z)
			MaxPool(p, z, want, wantArg)
			y, arg := newField[T](out, 3, 7), newField[uint16](out, 1, 9)
			BatchNormMaxPool(n.Norm, p, n.x, y.slice(), arg.slice())
			if !sameBits(y.slice(), want) || spoiled(y) || spoiled(arg) {
				t.Fatalf("%s: not what the steps give", what)
			}
			for i, a := range arg.slice() {
				if a != wantArg[i] && !(n.Then == ThenRelu && want[i] == 0) {
					t.Fatalf("%s: maximum %d in cell %d, want %d", what, i, a, wantArg[i])
				}
			}
			dy, got := normals[T](r, out), newNormGradient[T](n.Rows, n.C)
			BatchNormMaxPoolGrad(n.Norm, p, n.x, dy, arg.slice(), got.dx, got.dgamma, got.dbeta)
			MaxPoolGrad(p, dy, arg.slice(), n.dy)
			n.check(t, got, tolerance)
		}
	}
}
