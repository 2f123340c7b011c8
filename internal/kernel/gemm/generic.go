package gemm

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// scaleRow multiplies row by beta; zero overwrites whatever is there.
func scaleRow[T kernel.Float](beta T, row []T) {
	switch beta {
	case 0:
		clear(row)
	case 1:
	default:
		for j := range row {
			row[j] *= beta
		}
	}
}

// Size of the tile of the generic kernels: as many accumulators as stay in registers.
const (
	GenericRows = 2
	GenericCols = 4
)

// newGenericKernels returns the kernels in plain Go.
func newGenericKernels[T kernel.Float]() *kernels[T] {
	g := &kernels[T]{
		rows: GenericRows, cols: GenericCols, lanes: GenericCols, aStep: GenericRows,
		masked: true, packCols: packColsGeneric[T], packRows: packRowsGeneric[T], turnRows: packRowsGeneric[T],
	}
	for rows := 1; rows <= GenericRows; rows++ {
		g.tiles[rows][1] = tileGeneric[T]
	}
	return g
}

// packColsGeneric is the definition of kernels.packCols.
func packColsGeneric[T kernel.Float](k int, src *T, srcStep, n int, dst *T, dstStep int) {
	size := kernel.SizeOf[T]()
	srcStep, dstStep = srcStep/size, dstStep/size
	s := unsafe.Slice(src, (k-1)*srcStep+n)
	d := unsafe.Slice(dst, (k-1)*dstStep+n)
	for q := range k {
		copy(d[q*dstStep:q*dstStep+n], s[q*srcStep:])
	}
}

// packRowsGeneric is the definition of kernels.packRows.
func packRowsGeneric[T kernel.Float](k int, src *T, srcStep, n int, dst *T, dstStep int) {
	size := kernel.SizeOf[T]()
	srcStep, dstStep = srcStep/size, dstStep/size
	s := unsafe.Slice(src, (n-1)*srcStep+k)
	d := unsafe.Slice(dst, (k-1)*dstStep+n)
	for r := range n {
		for q, v := range s[r*srcStep : r*srcStep+k] {
			d[q*dstStep+r] = v
		}
	}
}

// tileGeneric is the definition of the micro-kernels.
func tileGeneric[T kernel.Float](t *tile) {
	size := kernel.SizeOf[T]()
	aStep, bStep, cStep := t.aStep/size, t.bStep/size, t.cStep/size
	a := unsafe.Slice((*T)(t.a), (t.k-1)*aStep+t.rows)
	b := unsafe.Slice((*T)(t.b), (t.k-1)*bStep+t.last)
	var sum [GenericRows][GenericCols]T
	if t.rows == GenericRows && t.last == GenericCols {
		multiplyFull(&sum, t.k, a, aStep, b, bStep)
	} else {
		for p := range t.k {
			for i, v := range a[p*aStep:][:t.rows] {
				for j, w := range b[p*bStep:][:t.last] {
					sum[i][j] += v * w
				}
			}
		}
	}
	c := unsafe.Slice((*T)(t.c), (t.rows-1)*cStep+t.last)
	for i := range t.rows {
		finishGeneric(t, sum[i][:t.last], c[i*cStep:][:t.last])
	}
}

// multiplyFull computes a full tile with its sums in registers.
func multiplyFull[T kernel.Float](sum *[GenericRows][GenericCols]T, k int, a []T, aStep int, b []T, bStep int) {
	var c00, c01, c02, c03, c10, c11, c12, c13 T
	for p := range k {
		x := a[p*aStep:]
		y := b[p*bStep:]
		a0, a1 := x[0], x[1]
		b0, b1, b2, b3 := y[0], y[1], y[2], y[3]
		c00 += a0 * b0
		c01 += a0 * b1
		c02 += a0 * b2
		c03 += a0 * b3
		c10 += a1 * b0
		c11 += a1 * b1
		c12 += a1 * b2
		c13 += a1 * b3
	}
	*sum = [GenericRows][GenericCols]T{{c00, c01, c02, c03}, {c10, c11, c12, c13}}
}

// finishGeneric ends a row of a tile.
func finishGeneric[T kernel.Float](t *tile, sum, c []T) {
	if t.flags&tileScale != 0 {
		alpha := fromBits[T](t.alpha)
		for j := range sum {
			sum[j] *= alpha
		}
	}
	if t.flags&tileAdd != 0 {
		beta := fromBits[T](t.beta)
		for j := range sum {
			sum[j] += beta * c[j]
		}
	}
	if t.flags&tileBias != 0 {
		for j, v := range unsafe.Slice((*T)(t.bias), len(sum)) {
			sum[j] += v
		}
	}
	if t.flags&tileReLU != 0 {
		for j, v := range sum {
			sum[j] = max(v, 0)
		}
	}
	copy(c, sum)
}
