package kernel

import "github.com/fallline/fallline/internal/kernel/threads"

// normPool is a maximum pool behind a batch normalisation. It is done unit by unit: the part of an image that a row of windows
// covers or, where windows overlap, don't fill the image or are padded, a whole image.
type normPool struct {
	image, unit Pool
	pixels      int // of a unit
	bundle      int // pixels taken as one, which divides those of a unit and of its result
	count       int // units
	results     int // elements of a unit's result
}

func newNormPool(p Pool) normPool {
	unit := p
	unit.N = 1
	if p.covered() {
		unit.H = p.KH
	}
	oh, ow := unit.Out()
	u := normPool{image: p, unit: unit, pixels: unit.H * p.W, count: p.N * p.H / unit.H, results: oh * ow * p.C}
	u.bundle = bundle(p.N*p.H*p.W, p.C)
	for u.pixels%u.bundle != 0 || oh*ow%u.bundle != 0 {
		u.bundle--
	}
	return u
}

// poolUnit runs a routine of the maximum pool on one unit.
func poolUnit[T Float](p *normPool, routine poolRoutine, image, results []T, arg []uint16) {
	j := poolJob[T]{Pool: p.unit, routine: routine, image: image, results: results, arg: arg}
	j.measure()
	j.span(0, j.units)
}

// unitOf cuts what unit u has of a pool's results.
func unitOf[E any](p *normPool, u int, results []E) []E {
	return results[u*p.results : (u+1)*p.results]
}

// BatchNormMaxPool is MaxPool of BatchNormApply of x, whose result is never stored. n.Rows and n.C are those of p's images.
func BatchNormMaxPool[T Float](n Norm[T], p Pool, x, y []T, arg []uint16) {
	s := stashOf[T, normPoolJob[T]](&normPoolJobs)
	j := s.get()
	*j = normPoolJob[T]{Norm: n, pool: newNormPool(p), x: x, y: y, arg: arg, operands: j.operands}
	cols := j.pool.bundle * n.C
	j.operands = resize(j.operands, 2*cols)
	j.Scale = widened(j.operands[:cols], n.Scale, n.C)
	j.Shift = widened(j.operands[cols:], n.Shift, n.C)
	j.part = max(1, threads.PartLight/(j.pool.pixels*n.C))
	threads.Parallel((j.pool.count+j.part-1)/j.part, j)
	*j = normPoolJob[T]{operands: j.operands}
	s.put(j)
}

// normPoolJob pools some units at a time.
type normPoolJob[T Float] struct {
	Norm[T]
	pool     normPool
	part     int // units
	x, y     []T
	arg      []uint16
	operands []T
}

var normPoolJobs stashes[normPoolJob[float32], normPoolJob[float64]]

// Run does part i. The maximum of rectified numbers is the rectified maximum, and there are fewer of those.
func (j *normPoolJob[T]) Run(i int) {
	s := stashOf[T, slopeScratch[T]](&slopeScratches)
	scratch := s.get()
	p := &j.pool
	n := p.pixels * j.C
	scratch.before = resize(scratch.before, n)
	then := j.Then
	if then == ThenRelu {
		then = NoActivation
	}
	cols := p.bundle * j.C
	for u := i * j.part; u < min((i+1)*j.part, p.count); u++ {
		normApply(then, n/cols, cols, j.x[u*n:(u+1)*n], j.Scale, j.Shift, scratch.before)
		y := unitOf(p, u, j.y)
		poolUnit(p, poolMax, scratch.before, y, unitOf(p, u, j.arg))
		if j.Then == ThenRelu {
			routinesOf[T]().relu(0, y, nil, y)
		}
	}
	s.put(scratch)
}

// BatchNormMaxPoolGrad is the gradient of BatchNormMaxPool, as BatchNormGrad is; dy and arg have the shape of the pool's result.
func BatchNormMaxPoolGrad[T Float](n Norm[T], p Pool, x, dy []T, arg []uint16, dx, dgamma, dbeta []T) {
	normGrad(n, x, slopes[T]{then: n.Then, dy: dy, pool: newNormPool(p), arg: arg}, dx, dgamma, dbeta)
}
