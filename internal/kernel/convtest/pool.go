package convtest

import (
	"math/rand/v2"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// poolCase is a convolution with a pool behind it, and operands for both.
type poolCase[T kernel.Float] struct {
	S          direct.Shape
	P          pool.Shape
	X, W, Z    []T // z is y or the gradient by it
	Arg        []uint16
	Nx, Nw, Ny int
}

func NewPoolCase[T kernel.Float](r *rand.Rand, s direct.Shape, p pool.Shape) poolCase[T] {
	p.N, p.C = s.N, s.K
	p.H, p.W = s.Out()
	oh, ow := p.Out()
	c := poolCase[T]{S: s, P: p}
	c.Nx, c.Nw, c.Ny = Sizes(s)
	c.X, c.W = kerneltest.Normals[T](r, c.Nx), kerneltest.Normals[T](r, c.Nw)
	c.Z, c.Arg = make([]T, p.N*oh*ow*p.C), make([]uint16, p.N*oh*ow*p.C)
	return c
}

var Pools = []pool.Shape{
	{KH: 2, KW: 2, StrideH: 2, StrideW: 2},
	{KH: 3, KW: 2, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
}
