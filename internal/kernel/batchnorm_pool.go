package kernel

// normPool is a maximum pool behind a batch normalisation. It is done unit by unit: the part of an image that a row of windows
// covers or, where windows overlap, don't fill the image or are padded, a whole image.
type normPool struct {
	image, unit Pool
	pixels      int // of a unit
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
	return normPool{image: p, unit: unit, pixels: unit.H * p.W, count: p.N * p.H / unit.H, results: oh * ow * p.C}
}

// poolUnit runs a routine of the maximum pool on unit u, whose part of the image is image.
func poolUnit[T Float](p *normPool, routine poolRoutine, u int, image, results []T, arg []uint16) {
	lo, hi := u*p.results, (u+1)*p.results
	j := poolJob[T]{Pool: p.unit, routine: routine, image: image, results: results[lo:hi], arg: arg[lo:hi]}
	j.measure()
	j.span(0, j.units)
}

// BatchNormMaxPool is MaxPool of BatchNormApply of x, whose result is never stored. n.Rows and n.C are those of p's images.
func BatchNormMaxPool[T Float](n Norm[T], p Pool, x, y []T, arg []uint16) {
	s := stashOf[T, normPoolJob[T]](&normPoolJobs)
	j := s.get()
	*j = normPoolJob[T]{Norm: n, pool: newNormPool(p), x: x, y: y, arg: arg, operands: j.operands}
	j.bundle = bundleOf(n.Rows, n.C, j.pool.pixels)
	j.operands = resize(j.operands, 2*j.bundle*n.C)
	j.Scale = widened(j.operands[:j.bundle*n.C], n.Scale, n.C)
	j.Shift = widened(j.operands[j.bundle*n.C:], n.Shift, n.C)
	j.part = max(1, partLight/(j.pool.pixels*n.C))
	Parallel((j.pool.count+j.part-1)/j.part, j)
	*j = normPoolJob[T]{operands: j.operands}
	s.put(j)
}

// normPoolJob pools some units at a time.
type normPoolJob[T Float] struct {
	Norm[T]
	pool     normPool
	bundle   int // pixels taken as one
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
	cols := j.bundle * j.C
	for u := i * j.part; u < min((i+1)*j.part, p.count); u++ {
		normApply(then, n/cols, cols, j.x[u*n:(u+1)*n], j.Scale, j.Shift, scratch.before)
		poolUnit(p, poolMax, u, scratch.before, j.y, j.arg)
		if j.Then == ThenRelu {
			y := j.y[u*p.results : (u+1)*p.results]
			routinesOf[T]().relu(0, y, nil, y)
		}
	}
	s.put(scratch)
}

// BatchNormMaxPoolGrad is the gradient of BatchNormMaxPool, as BatchNormGrad is; dy and arg have the shape of the pool's result.
func BatchNormMaxPoolGrad[T Float](n Norm[T], p Pool, x, dy []T, arg []uint16, dx, dgamma, dbeta []T) {
	normGrad(n, x, slopes[T]{then: n.Then, dy: dy, pool: newNormPool(p), arg: arg}, dx, dgamma, dbeta)
}
