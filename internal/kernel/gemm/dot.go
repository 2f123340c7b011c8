package gemm

import "github.com/fallline/fallline/internal/kernel"

// dotBlock is how many bytes of each row one pass of dot products multiplies: the rows of one tile stay in the first
// cache.
const dotBlock = 4096

// dots computes the block as dot products of the rows of A and the columns of B.
func (b *block[T]) dots(s *scratch[T]) {
	g, size := b.kernels, kernel.SizeOf[T]()
	t := &s.tile
	t.aStep, t.bStep = b.left.ld*size, b.right.ld*size
	kb := EvenBlock(b.k1-b.k0, dotBlock/size, g.lanes)
	rows, cols := g.dotRows, 4
	for k := b.k0; k < b.k1; k += kb {
		b.setFlags(t, k, min(kb, b.k1-k))
		if b.i1-b.i0 >= b.j1-b.j0 {
			for i := b.i0; i < b.i1; i += rows {
				for j := b.j0; j < b.j1; j += cols {
					b.dot(t, i, min(rows, b.i1-i), j, min(cols, b.j1-j), k)
				}
			}
			continue
		}
		for j := b.j0; j < b.j1; j += cols {
			for i := b.i0; i < b.i1; i += rows {
				b.dot(t, i, min(rows, b.i1-i), j, min(cols, b.j1-j), k)
			}
		}
	}
}

// dot computes one tile.
func (b *block[T]) dot(t *tile, i, m, j, n, k int) {
	t.a = b.left.at(i, k)
	t.b = b.right.at(j, k)
	t.c = address(b.c, i*b.ldc+j)
	if t.flags&tileBias != 0 {
		t.bias = address(b.e.Bias, j)
	}
	b.kernels.dots[m][n](t)
}
