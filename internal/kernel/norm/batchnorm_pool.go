package norm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// pooling is a maximum pool behind a batch normalisation. It is done unit by unit: the part of an image that a row of
// windows covers or, where windows overlap, don't fill the image or are padded, a whole image.
type pooling struct {
	image, unit pool.Shape
	pixels      int // of a unit
	bundle      int // pixels taken as one, which divides those of a unit and of its result
	count       int // units
	results     int // elements of a unit's result
}

func newNormPool(p pool.Shape) pooling {
	unit := p
	unit.N = 1
	if p.Covered() {
		unit.H = p.KH
	}
	oh, ow := unit.Out()
	u := pooling{image: p, unit: unit, pixels: unit.H * p.W, count: p.N * p.H / unit.H, results: oh * ow * p.C}
	u.bundle = bundle(p.N*p.H*p.W, p.C)
	for u.pixels%u.bundle != 0 || oh*ow%u.bundle != 0 {
		u.bundle--
	}
	return u
}

// unitOf cuts what unit u has of a pool's results.
func unitOf[E any](p *pooling, u int, results []E) []E {
	return results[u*p.results : (u+1)*p.results]
}

// BatchNormMaxPool is Max of BatchNormApply of x, whose result is never stored. n.Rows and n.C are those of p's images.
func BatchNormMaxPool[T kernel.Float](n Norm[T], p pool.Shape, x, y []T, arg []uint16) {
	s := kernel.StashOf[T, poolJob[T]](&poolJobs)
	j := s.Get()
	*j = poolJob[T]{Norm: n, pool: newNormPool(p), x: x, y: y, arg: arg, operands: j.operands}
	cols := j.pool.bundle * n.C
	j.operands = memory.Resize(j.operands, 2*cols)
	j.Scale = widened(j.operands[:cols], n.Scale, n.C)
	j.Shift = widened(j.operands[cols:], n.Shift, n.C)
	j.part = max(1, threads.PartLight/(j.pool.pixels*n.C))
	threads.Parallel((j.pool.count+j.part-1)/j.part, j)
	*j = poolJob[T]{operands: j.operands}
	s.Put(j)
}

// poolJob pools some units at a time.
type poolJob[T kernel.Float] struct {
	Norm[T]
	pool     pooling
	part     int // units
	x, y     []T
	arg      []uint16
	operands []T
}

var poolJobs kernel.Stashes[poolJob[float32], poolJob[float64]]

// Run does part i. The maximum of rectified numbers is the rectified maximum, and there are fewer of those.
func (j *poolJob[T]) Run(i int) {
	s := kernel.StashOf[T, slopeScratch[T]](&slopeScratches)
	room := s.Get()
	p := &j.pool
	n := p.pixels * j.C
	room.before = memory.Resize(room.before, n)
	then := j.Then
	if then == ThenRelu {
		then = NoActivation
	}
	cols := p.bundle * j.C
	for u := i * j.part; u < min((i+1)*j.part, p.count); u++ {
		apply(then, n/cols, cols, j.x[u*n:(u+1)*n], j.Scale, j.Shift, room.before)
		y := unitOf(p, u, j.y)
		pool.MaxHere(p.unit, room.before, y, unitOf(p, u, j.arg))
		if j.Then == ThenRelu {
			pointwise.Relu(y, y)
		}
	}
	s.Put(room)
}

// BatchNormMaxPoolGrad is the gradient of BatchNormMaxPool, as BatchNormGrad is; dy and arg have the shape of the
// pool's result.
func BatchNormMaxPoolGrad[T kernel.Float](n Norm[T], p pool.Shape, x, dy []T, arg []uint16, dx, dgamma, dbeta []T) {
	grad(n, x, slopes[T]{then: n.Then, dy: dy, pool: newNormPool(p), arg: arg}, dx, dgamma, dbeta)
}
