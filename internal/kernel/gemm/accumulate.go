package gemm

import "unsafe"

// Accumulator multiplies packed factors by the micro-kernels of Gemm, for packages that pack in their own ways. It is
// scratch memory of one thread.
type Accumulator struct{ tile tile }

// TileSize returns the rows and columns of the largest tile of float32 in the set in use.
func TileSize() (rows, cols int) {
	g := inUse[float32]()
	return g.rows, g.cols
}

// Multiply computes C = A B, or with add C += A B, where A is k × rows and B k × vectors whole vectors, both stored by
// k-steps, and C rows × vectors. Steps are the bytes from row to row of storage.
func (m *Accumulator) Multiply(rows, vectors, k int, a unsafe.Pointer, aStep int, b unsafe.Pointer, bStep int, c unsafe.Pointer, cStep int, add bool) {
	g, t := inUse[float32](), &m.tile
	*t = tile{a: a, b: b, c: c, aStep: aStep, bStep: bStep, cStep: cStep, k: k, rows: rows, last: g.lanes}
	if add {
		t.flags, t.beta = tileAdd, bitsOf[float32](1)
	}
	g.tiles[rows][vectors](t)
}

// Release lets go of the operands.
func (m *Accumulator) Release() { m.tile = tile{} }
