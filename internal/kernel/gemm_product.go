package kernel

import "unsafe"

// product is one product C = act(alpha A B + beta C + bias), cut into tasks for Parallel.
//
// To compute one, take it from newProduct, fill in the first group of fields and call run. The factors are
// anything that can pack itself into panels: a matrix, or the patches of an image. A stored factor may be
// multiplied in place besides, without packing: see plain and the method dots.
//
// Tasks are blocks of C, and where C is small and k is large also parts of k, whose results are summed in order
// afterwards. Where k is divided depends on the shape alone, and all micro-kernels add the products of one
// element in the same order: the bits of the result don't depend on the number of threads.
type product[T Float] struct {
	m, n, k      int
	alpha, beta  T
	a, b         panels[T]
	aCost, bCost int // of packing one element, in hundredths of the time of one multiplication: see tasks
	c            []T
	ldc          int
	e            Epilogue[T]

	kernels        *gemmKernels[T]
	plainA, plainB plain[T] // factors to be read in place; the zero value if packed
	way            way
	left, right    matrix[T] // storage for a and b
	grid           [3]int    // parts of m, n and k
	partial        []T       // results of the parts of k
	rotated        []T       // a factor transposed for dot products
}

// way is how the blocks of a product are computed.
type way int

const (
	byTiles   way = iota // with packed panels or plain factors
	byDots               // as dot products of the rows of plainA and plainB
	byLibrary            // by calls of the library
	byTurned             // as C' = B' A', with A from plainA, transposed back block by block
)

// plain is a factor as it is stored. For tiles, step is the distance of k-steps, whose elements are side by
// side; for dot products it is the distance of rows, whose k-steps are side by side.
type plain[T Float] struct {
	x    []T
	step int
}

// products and scratches hold what calls need, so that they allocate nothing.
var (
	products32  stash[product[float32]]
	products64  stash[product[float64]]
	scratches32 stash[gemmScratch[float32]]
	scratches64 stash[gemmScratch[float64]]
)

func productStash[T Float]() *stash[product[T]] {
	if is32[T]() {
		return (*stash[product[T]])(unsafe.Pointer(&products32))
	}
	return (*stash[product[T]])(unsafe.Pointer(&products64))
}

func scratchStash[T Float]() *stash[gemmScratch[T]] {
	if is32[T]() {
		return (*stash[gemmScratch[T]])(unsafe.Pointer(&scratches32))
	}
	return (*stash[gemmScratch[T]])(unsafe.Pointer(&scratches64))
}

// newProduct returns a product with alpha 1, beta 0 and no epilogue.
func newProduct[T Float]() *product[T] {
	p := productStash[T]().get()
	p.alpha, p.kernels = 1, gemmKernelsOf[T]()
	return p
}

// run computes the product and gives p back.
func (p *product[T]) run() {
	if p.m > 0 && p.n > 0 {
		if p.k == 0 || p.alpha == 0 {
			p.scale()
		} else {
			p.multiply()
		}
	}
	*p = product[T]{partial: p.partial, rotated: p.rotated}
	productStash[T]().put(p)
}

// scale is run without a product to add.
func (p *product[T]) scale() {
	for i := range p.m {
		row := p.c[i*p.ldc : i*p.ldc+p.n]
		scaleRow(p.beta, row)
		p.e.apply(row)
	}
}

func (p *product[T]) multiply() {
	p.grid[2] = p.partsOfK()
	p.grid[0], p.grid[1] = p.tasks()
	if p.grid[2] > 1 {
		if size := p.grid[2] * p.m * p.n; len(p.partial) < size {
			p.partial = make([]T, size)
		}
	}
	Parallel(p.grid[0]*p.grid[1]*p.grid[2], p)
	if p.grid[2] > 1 {
		p.reduce()
	}
}

// Run computes task i.
func (p *product[T]) Run(i int) {
	rows, cols := p.grid[0], p.grid[1]
	b := block[T]{
		product: p,
		c:       p.c, ldc: p.ldc, beta: p.beta, e: p.e, alpha: p.alpha,
		k0: 0, k1: p.k,
	}
	if parts := p.grid[2]; parts > 1 {
		part := i / (rows * cols)
		i %= rows * cols
		b.k0, b.k1 = share(p.k, parts, part)
		b.c, b.ldc, b.beta, b.e, b.alpha = p.partial[part*p.m*p.n:], p.n, 0, Epilogue[T]{}, 1
	}
	rowUnit, colUnit := p.units()
	b.i0, b.i1 = shareUnits(p.m, rows, i/cols, rowUnit)
	b.j0, b.j1 = shareUnits(p.n, cols, i%cols, colUnit)
	s := scratchStash[T]().get()
	switch p.way {
	case byDots:
		b.dots(s)
	case byTurned:
		b.turned(s)
	case byLibrary:
		b.library()
	default:
		b.multiply(s)
	}
	s.release()
}

// share returns the i-th of parts nearly equal pieces of n.
func share(n, parts, i int) (lo, hi int) {
	return n * i / parts, n * (i + 1) / parts
}

// shareUnits is share for pieces whose borders are multiples of unit.
func shareUnits(n, parts, i, unit int) (lo, hi int) {
	lo, hi = share((n+unit-1)/unit, parts, i)
	return lo * unit, min(hi*unit, n)
}

// reduce sums the parts of k into C.
func (p *product[T]) reduce() {
	parts, size := p.grid[2], p.m*p.n
	sum := p.partial[:size]
	for q := 1; q < parts; q++ {
		for i, v := range p.partial[q*size : (q+1)*size] {
			sum[i] += v
		}
	}
	for i := range p.m {
		row, c := sum[i*p.n:(i+1)*p.n], p.c[i*p.ldc:i*p.ldc+p.n]
		if p.alpha != 1 {
			for j := range row {
				row[j] *= p.alpha
			}
		}
		if p.beta != 0 {
			for j := range row {
				row[j] += p.beta * c[j]
			}
		}
		copy(c, row)
		p.e.apply(c)
	}
}
