package conv

import (
	"math/rand/v2"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// poolCase is a convolution with a pool behind it, and operands for both.
type poolCase[T kernel.Float] struct {
	s          Shape
	p          pool.Shape
	x, w, z    []T // z is y or the gradient by it
	arg        []uint16
	nx, nw, ny int
}

func newConvPoolCase[T kernel.Float](r *rand.Rand, s Shape, p pool.Shape) poolCase[T] {
	p.N, p.C = s.N, s.K
	p.H, p.W = s.Out()
	oh, ow := p.Out()
	c := poolCase[T]{s: s, p: p}
	c.nx, c.nw, c.ny = sizes(s)
	c.x, c.w = kerneltest.Normals[T](r, c.nx), kerneltest.Normals[T](r, c.nw)
	c.z, c.arg = make([]T, p.N*oh*ow*p.C), make([]uint16, p.N*oh*ow*p.C)
	return c
}

var testPools = []pool.Shape{
	{KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{KH: 3, KW: 2, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
}
