package gemm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// block is one task of a product: rows [i0, i1) and columns [j0, j1) of C over k-steps [k0, k1).
type block[T kernel.Float] struct {
	*product[T]
	i0, i1, j0, j1, k0, k1 int
	c                      []T
	ldc                    int
	alpha, beta            T
	e                      Epilogue[T]
}

// scratch is what a thread needs for a block.
type scratch[T kernel.Float] struct {
	tile tile
	a, b []T // packed blocks, at 64-byte boundaries
}

// reserve makes room for na and nb elements.
func (s *scratch[T]) reserve(na, nb int) {
	if len(s.a) < na {
		s.a = kernel.AlignedSlice[T](na)
	}
	if len(s.b) < nb {
		s.b = kernel.AlignedSlice[T](nb)
	}
}

// Sizes of packed blocks: a panel of the left factor stays in the first cache, at most 32 KB, and a block of the right
// one in the second, at most 512 KB.
const (
	blockSteps    = 256
	blockRows     = 504
	blockColBytes = 2048 // of columns
)

// multiply computes the block from packed panels (after Goto & van de Geijn 2008, who keep the right panel in the first
// cache and the left block in the second).
func (b *block[T]) multiply(s *scratch[T]) {
	g := b.kernels
	kb := EvenBlock(b.k1-b.k0, blockSteps, 4)
	mb := EvenBlock(b.i1-b.i0, blockRows, g.rows)
	nb := EvenBlock(b.j1-b.j0, blockColBytes/kernel.SizeOf[T](), g.cols)
	s.reserve((mb+g.rows-1)/g.rows*g.aStep*kb, nb*kb)
	for j := b.j0; j < b.j1; j += nb {
		n := min(nb, b.j1-j)
		for k := b.k0; k < b.k1; k += kb {
			kc := min(kb, b.k1-k)
			b.setFlags(&s.tile, k, kc)
			b.packRight(s, j, n, k, kc)
			for i := b.i0; i < b.i1; i += mb {
				m := min(mb, b.i1-i)
				b.packLeft(s, i, m, k, kc)
				b.panels(s, i, m, j, n, k)
			}
		}
	}
}

// EvenBlock divides n into blocks of at most limit, of nearly equal size, and rounds up to a multiple of unit.
func EvenBlock(n, limit, unit int) int {
	blocks := (n + limit - 1) / limit
	size := (n + blocks - 1) / blocks
	return (size + unit - 1) / unit * unit
}

// setFlags prepares t for kc k-steps from k: the first ones deal with beta, the last ones with the epilogue.
func (b *block[T]) setFlags(t *tile, k, kc int) {
	t.k, t.flags = kc, 0
	t.cStep = b.ldc * kernel.SizeOf[T]()
	if b.alpha != 1 {
		t.flags |= tileScale
		t.alpha = bitsOf(b.alpha)
	}
	if k > b.k0 {
		t.flags |= tileAdd
		t.beta = bitsOf(T(1))
	} else if b.beta != 0 {
		t.flags |= tileAdd
		t.beta = bitsOf(b.beta)
	}
	if k+kc == b.k1 {
		if b.e.Bias != nil {
			t.flags |= tileBias
		}
		if b.e.ReLU {
			t.flags |= tileReLU
		}
	}
}

// inPlace returns how many of n columns of the right factor are read where they are: tiles without masks would
// read past the last ones.
func (b *block[T]) inPlace(n int) int {
	switch {
	case !b.readsRightInPlace(b.i1 - b.i0):
		return 0
	case b.kernels.masked:
		return n
	}
	return n - n%b.kernels.cols
}

func (b *block[T]) packRight(s *scratch[T], j, n, k, kc int) {
	cols := b.kernels.cols
	for q := b.inPlace(n); q < n; q += cols {
		b.right.pack(b.kernels, s.b[q*kc:], cols, j+q, min(cols, n-q), k, kc)
	}
}

func (b *block[T]) packLeft(s *scratch[T], i, m, k, kc int) {
	if b.left.inPlace {
		return
	}
	step := b.kernels.aStep
	count := (m + b.kernels.rows - 1) / b.kernels.rows
	for q := range count {
		lo, hi := threads.Share(m, count, q)
		b.left.pack(b.kernels, s.a[q*step*kc:], step, i+lo, hi-lo, k, kc)
	}
}

// panels multiplies the packed blocks panel by panel, and writes C row by row.
func (b *block[T]) panels(s *scratch[T], i, m, j, n, k int) {
	for r := range (m + b.kernels.rows - 1) / b.kernels.rows {
		lo, rows := b.leftPanel(s, i, m, k, r)
		for q := 0; q < n; {
			cols, vecs := b.rightPanel(s, j, n, k, q, m)
			b.multiplyTile(&s.tile, i+lo, j+q, rows, vecs)
			q += cols
		}
	}
}

// leftPanel sets panel r of the left factor and returns its first row and number of rows.
func (b *block[T]) leftPanel(s *scratch[T], i, m, k, r int) (lo, rows int) {
	g, t, size := b.kernels, &s.tile, kernel.SizeOf[T]()
	lo, hi := threads.Share(m, (m+g.rows-1)/g.rows, r)
	if b.left.inPlace {
		t.a, t.aStep = b.left.at(i+lo, k), b.left.ld*size
	} else {
		t.a, t.aStep = address(s.a, r*g.aStep*t.k), g.aStep*size
	}
	return lo, hi - lo
}

// rightPanel sets the panel of the right factor that starts at column q of n and returns its numbers of columns and
// of vectors. The ones that are read in place are wider if there is but one panel of m rows to multiply.
func (b *block[T]) rightPanel(s *scratch[T], j, n, k, q, m int) (cols, vecs int) {
	g, t, size := b.kernels, &s.tile, kernel.SizeOf[T]()
	cols = min(g.cols, n-q)
	vecs = (cols + g.lanes - 1) / g.lanes
	if there := b.inPlace(n); q < there {
		if m <= g.rows {
			vecs, cols = g.vectorsOf(m, there-q)
		}
		t.b, t.bStep = b.right.at(j+q, k), b.right.ld*size
	} else {
		t.b, t.bStep = address(s.b, q*t.k), g.cols*size
	}
	t.last = cols - (vecs-1)*g.lanes
	if t.flags&tileBias != 0 {
		t.bias = address(b.e.Bias, j+q)
	}
	return cols, vecs
}

// multiplyTile computes the tile of C at (i, j).
func (b *block[T]) multiplyTile(t *tile, i, j, rows, vecs int) {
	t.c = address(b.c, i*b.ldc+j)
	t.rows = rows
	b.kernels.tiles[rows][vecs](t)
}
