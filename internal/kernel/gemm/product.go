package gemm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// product is one product C = act(alpha A B + beta C + bias), cut into tasks for Parallel.
//
// Tasks are blocks of C, and where C is small and k is large also parts of k, whose results are summed in order
// afterwards. Where k is divided depends on the shape alone, and all micro-kernels add the products of one
// element in the same order: the bits of the result don't depend on the number of threads.
type product[T kernel.Float] struct {
	m, n, k     int
	alpha, beta T
	left, right factor[T]
	c           []T
	ldc         int
	e           Epilogue[T]

	kernels *kernels[T]
	way     way
	grid    [3]int // parts of m, n and k
	partial []T    // results of the parts of k
	rotated []T    // a right factor transposed for dot products
}

// way is how the blocks of a product are computed.
type way int

const (
	byTiles   way = iota // with packed panels, or factors in place
	byDots               // as dot products, both factors in place with their k-steps side by side
	byTurned             // as C' = B' A', transposed back block by block
	byLibrary            // by calls of the library
)

// products and scratches hold what calls need, so that they allocate nothing.
var (
	products  kernel.Stashes[product[float32], product[float64]]
	scratches kernel.Stashes[scratch[float32], scratch[float64]]
)

// newProduct returns a product with alpha 1, beta 0 and no epilogue.
func newProduct[T kernel.Float]() *product[T] {
	p := kernel.StashOf[T, product[T]](&products).Get()
	p.alpha, p.kernels = 1, inUse[T]()
	return p
}

// run computes the product and gives p back.
func (p *product[T]) run() {
	if p.m > 0 && p.n > 0 {
		if p.k == 0 || p.alpha == 0 {
			p.scale()
		} else {
			p.plan()
			p.multiply()
		}
	}
	*p = product[T]{partial: p.partial, rotated: p.rotated}
	kernel.StashOf[T, product[T]](&products).Put(p)
}

// scale is run without a product to add.
func (p *product[T]) scale() {
	for i := range p.m {
		row := p.c[i*p.ldc : i*p.ldc+p.n]
		scaleRow(p.beta, row)
		p.e.Apply(row)
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
	threads.Parallel(p.grid[0]*p.grid[1]*p.grid[2], p)
	if p.grid[2] > 1 {
		p.reduce()
	}
}

// Run computes task i.
func (p *product[T]) Run(i int) {
	rows, cols, parts := p.grid[0], p.grid[1], p.grid[2]
	b := block[T]{product: p, c: p.c, ldc: p.ldc, alpha: p.alpha, beta: p.beta, e: p.e}
	part := i / (rows * cols)
	i %= rows * cols
	if parts > 1 {
		b.c, b.ldc, b.alpha, b.beta, b.e = p.partial[part*p.m*p.n:], p.n, 1, 0, Epilogue[T]{}
	}
	rowUnit, colUnit := p.units()
	b.i0, b.i1 = threads.ShareUnits(p.m, rows, i/cols, rowUnit)
	b.j0, b.j1 = threads.ShareUnits(p.n, cols, i%cols, colUnit)
	b.k0, b.k1 = threads.Share(p.k, parts, part)
	s := kernel.StashOf[T, scratch[T]](&scratches).Get()
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
	s.tile = tile{} // don't keep the caller's matrices alive
	kernel.StashOf[T, scratch[T]](&scratches).Put(s)
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
		scaleRow(p.beta, c)
		for j, v := range row {
			c[j] += p.alpha * v
		}
		p.e.Apply(c)
	}
}
