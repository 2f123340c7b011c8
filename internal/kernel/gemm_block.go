package kernel

import "unsafe"

// block is one task of a product: rows [i0, i1) and columns [j0, j1) of C over k-steps [k0, k1).
type block[T Float] struct {
	*product[T]
	i0, i1, j0, j1, k0, k1 int
	c                      []T
	ldc                    int
	alpha, beta            T
	e                      Epilogue[T]
}

// gemmScratch is what a thread needs for a block.
type gemmScratch[T Float] struct {
	tile tile
	a, b []T // packed blocks, at 64-byte boundaries
}

// reserve makes room for na and nb elements.
func (s *gemmScratch[T]) reserve(na, nb int) {
	if len(s.a) < na {
		s.a = alignedSlice[T](na)
	}
	if len(s.b) < nb {
		s.b = alignedSlice[T](nb)
	}
}

// alignedSlice allocates n elements at a 64-byte boundary.
func alignedSlice[T Float](n int) []T {
	const line = 64
	x := make([]T, n+line/sizeOf[T]())
	off := (line - int(uintptr(unsafe.Pointer(&x[0]))%line)) % line / sizeOf[T]()
	return x[off : off+n]
}

// release gives s back without keeping the caller's matrices alive.
func (s *gemmScratch[T]) release() {
	s.tile = tile{}
	scratchStash[T]().put(s)
}

// multiply computes the block from packed panels: the right factor in blocks of kBlock by nBlock, the left one in
// blocks of mBlock by kBlock, so that a panel of the right factor stays in the first cache and a block of the left
// one in the second (Goto & van de Geijn 2008).
func (b *block[T]) multiply(s *gemmScratch[T]) {
	g := b.kernels
	kb := evenBlock(b.k1-b.k0, g.kBlock, 4)
	mb := evenBlock(b.i1-b.i0, g.mBlock, g.rows)
	nb := evenBlock(b.j1-b.j0, g.nBlock, g.cols)
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

// evenBlock divides n into blocks of at most limit, of nearly equal size, and rounds up to a multiple of unit.
func evenBlock(n, limit, unit int) int {
	blocks := (n + limit - 1) / limit
	size := (n + blocks - 1) / blocks
	return (size + unit - 1) / unit * unit
}

// setFlags prepares t for kc k-steps from k: the first ones deal with beta, the last ones with the epilogue.
func (b *block[T]) setFlags(t *tile, k, kc int) {
	t.k, t.flags = kc, 0
	t.cStep = b.ldc * sizeOf[T]()
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

// inPlace reports whether the columns [j, j+w) of the right factor are read where they are.
func (b *block[T]) inPlace(w int) bool {
	return b.plainB.x != nil && (b.kernels.masked || w%b.kernels.lanes == 0)
}

func (b *block[T]) packRight(s *gemmScratch[T], j, n, k, kc int) {
	cols := b.kernels.cols
	for q := 0; q < n; q += cols {
		if w := min(cols, n-q); !b.inPlace(w) {
			b.b.pack(s.b[q*kc:], cols, j+q, w, k, kc)
		}
	}
}

func (b *block[T]) packLeft(s *gemmScratch[T], i, m, k, kc int) {
	if b.plainA.x != nil {
		return
	}
	step := b.kernels.aStep
	count := (m + b.kernels.rows - 1) / b.kernels.rows
	for q := range count {
		lo, hi := share(m, count, q)
		b.a.pack(s.a[q*step*kc:], step, i+lo, hi-lo, k, kc)
	}
}

// panels multiplies the packed blocks panel by panel.
func (b *block[T]) panels(s *gemmScratch[T], i, m, j, n, k int) {
	g, t, size := b.kernels, &s.tile, sizeOf[T]()
	count := (m + g.rows - 1) / g.rows
	for q, w := 0, 0; q < n; q += w {
		w = min(g.cols, n-q)
		vecs := (w + g.lanes - 1) / g.lanes
		if b.inPlace(w) {
			if count == 1 {
				vecs, w = g.vectorsOf(m, n-q)
			}
			t.b, t.bStep = address(b.plainB.x, k*b.plainB.step+j+q), b.plainB.step*size
		} else {
			t.b, t.bStep = address(s.b, q*t.k), g.cols*size
		}
		t.last = w - (vecs-1)*g.lanes
		if t.flags&tileBias != 0 {
			t.bias = address(b.e.Bias, j+q)
		}
		for r := range count {
			lo, hi := share(m, count, r)
			if b.plainA.x != nil {
				t.a, t.aStep = address(b.plainA.x, k*b.plainA.step+i+lo), b.plainA.step*size
			} else {
				t.a, t.aStep = address(s.a, r*g.aStep*t.k), g.aStep*size
			}
			t.c = address(b.c, (i+lo)*b.ldc+j+q)
			t.rows = hi - lo
			g.tiles[hi-lo][vecs](t)
		}
	}
}
