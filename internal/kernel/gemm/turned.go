package gemm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// turned computes the block as the transpose of B' A', for narrow C: A, which is stored by k-steps, has the
// vectors, and all their lanes are of use.
func (b *block[T]) turned(s *scratch[T]) {
	g, size := b.kernels, kernel.SizeOf[T]()
	kb := EvenBlock(b.k1-b.k0, blockSteps, 4)
	mb := EvenBlock(b.i1-b.i0, turnedBlock/size, g.cols)
	n := b.j1 - b.j0
	panels := (n + g.rows - 1) / g.rows
	s.reserve(panels*g.aStep*kb, n*mb+g.cols*kb)
	for i := b.i0; i < b.i1; i += mb {
		m := min(mb, b.i1-i)
		for k := b.k0; k < b.k1; k += kb {
			kc := min(kb, b.k1-k)
			b.setFlags(&s.tile, k, kc)
			s.tile.cStep = mb * size
			for r := range panels {
				lo, hi := threads.Share(n, panels, r)
				b.right.pack(g, s.a[r*g.aStep*kc:], g.aStep, b.j0+lo, hi-lo, k, kc)
			}
			b.turnedPanels(s, i, m, n, k, mb)
		}
		for j := 0; j < n; j += g.lanes {
			g.turnRows(m, &s.b[j*mb], mb*size, min(g.lanes, n-j), &b.c[i*b.ldc+b.j0+j], b.ldc*size)
		}
	}
}

// turnedBlock is how many bytes of columns of C are computed before they are transposed.
const turnedBlock = 4096

// turnedPanels computes rows [i, i+m) of C, transposed, into s.b.
func (b *block[T]) turnedPanels(s *scratch[T], i, m, n, k, mb int) {
	g, t, size := b.kernels, &s.tile, kernel.SizeOf[T]()
	panels := (n + g.rows - 1) / g.rows
	t.aStep = g.aStep * size
	for q, w := 0, 0; q < m; q += w {
		w = min(g.cols, m-q)
		vecs := (w + g.lanes - 1) / g.lanes
		t.last = w - (vecs-1)*g.lanes
		if w == g.cols || g.masked {
			t.b, t.bStep = b.left.at(i+q, k), b.left.ld*size
		} else {
			b.left.pack(g, s.b[n*mb:], g.cols, i+q, w, k, t.k)
			t.b, t.bStep = address(s.b, n*mb), g.cols*size
		}
		for r := range panels {
			lo, hi := threads.Share(n, panels, r)
			t.a = address(s.a, r*g.aStep*t.k)
			t.c = address(s.b, lo*mb+q)
			t.rows = hi - lo
			g.tiles[hi-lo][vecs](t)
		}
	}
}
