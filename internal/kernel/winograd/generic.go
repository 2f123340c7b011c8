package winograd

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// definitions are the kernels in plain Go.
func definitions() *kernels {
	return &kernels{
		lanes: gemm.GenericCols, rows: gemm.GenericRows,
		input: spreads(bt, narrowBt), grad: spreads(winogradA, narrowA), output: outputs(),
		filter: filterGeneric, filterGrad: filterGradGeneric, transpose: transposeGeneric,
		tile: [2][]tile{
			{nil, tileGeneric(1, 1), tileGeneric(2, 1)},
			{nil, tileGeneric(1, 2), tileGeneric(2, 2)},
		},
	}
}

// table holds the kernels of each set. They are for float32 alone.
var table = kernel.NewTable(definitions(), struct{}{})

// inUse returns the kernels of the set in use.
func inUse() *kernels { return table.F32[kernel.Active()] }

// square holds up to 6 by 6 numbers.
type square [6][6]float32

// between returns m d n'.
func (d *square) between(m, n [][]float32) (r square) {
	var half square
	for i, row := range m {
		for p, a := range row {
			for j := range n[0] {
				half[i][j] += a * d[p][j]
			}
		}
	}
	for i := range m {
		for j, row := range n {
			for p, a := range row {
				r[i][j] += a * half[i][p]
			}
		}
	}
	return r
}

// element is the number at an offset in bytes. Rows of zeros are in other memory than the images, which is what the
// check of pointers, under the race detector, would object to.
//
//go:nocheckptr
func element(p *byte, offset int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), offset)) }

// has reports whether tiles of a kind have a cell.
func (k tileKind) has(cell int) bool {
	return !(k&narrowRows != 0 && cell/6 == lacking || k&narrowCols != 0 && cell%6 == lacking)
}

// spreads are the definitions of kernels.input and grad for tiles of four rows or columns and for narrow ones.
func spreads(four, three [][]float32) (s [kindCount]spread) {
	for kind := range s {
		m := [2][][]float32{four, three}
		s[kind] = spreadGeneric(tileKind(kind), m[kind&1], m[kind>>1])
	}
	return s
}

func spreadGeneric(kind tileKind, down, across [][]float32) spread {
	return func(groups, tail int, src *byte, rows *int, cellStep, lo, hi int, dst *byte, dstStep int, _ *byte) {
		for c := range groups * gemm.GenericCols {
			var d square
			for i, offset := range unsafe.Slice(rows, len(down[0])) {
				for j := lo; j < hi && c < (groups-1)*gemm.GenericCols+tail; j++ {
					d[i][j] = *element(src, offset+j*cellStep+4*c)
				}
			}
			r := d.between(down, across)
			for i := range cellCount {
				if kind.has(i) {
					*element(dst, i*dstStep+4*c) = r[i/6][i%6]
				}
			}
		}
	}
}

// outputs are the definitions of kernels.output.
func outputs() (o [kindCount]output) {
	for kind := range o {
		m := [2][][]float32{at, narrowAt}
		o[kind] = outputGeneric(tileKind(kind), m[kind&1], m[kind>>1])
	}
	return o
}

func outputGeneric(kind tileKind, down, across [][]float32) output {
	return func(groups, tail int, src *byte, srcStep int, dst *byte, rowStep, cellStep, rows, cols int, bias *byte, floor float32, _ *byte) {
		for c := range (groups-1)*gemm.GenericCols + tail {
			var d square
			for i := range cellCount {
				if kind.has(i) {
					d[i/6][i%6] = *element(src, i*srcStep+4*c)
				}
			}
			r := d.between(down, across)
			for i := range rows {
				for j := range cols {
					*element(dst, i*rowStep+j*cellStep+4*c) = max(floor, r[i][j]+*element(bias, 4*c))
				}
			}
		}
	}
}

// filterGeneric is the definition of kernels.filter.
func filterGeneric(count, lanes int, src *byte, srcRow, tapStep int, dst *byte, dstRow, dstStep int, _ *byte) {
	for q := range count {
		for l := range gemm.GenericCols {
			var d square
			for i := 0; i < 9 && l < lanes; i++ {
				d[i/3][i%3] = *element(src, q*srcRow+i*tapStep+4*l)
			}
			r := d.between(winogradG, winogradG)
			for i := range cellCount {
				*element(dst, q*dstRow+i*dstStep+4*l) = r[i/6][i%6]
			}
		}
	}
}

// filterGradGeneric is the definition of kernels.filterGrad.
func filterGradGeneric(count, lanes int, src *byte, srcRow, srcStep int, dst *byte, dstRow, tapStep int, _ *byte) {
	for q := range count {
		for l := range lanes {
			var d square
			for i := range cellCount {
				d[i/6][i%6] = *element(src, q*srcRow+i*srcStep+4*l)
			}
			r := d.between(gt, gt)
			for i := range 9 {
				*element(dst, q*dstRow+i*tapStep+4*l) = r[i/3][i%3]
			}
		}
	}
}

// tileGeneric is the definition of kernels.tile.
func tileGeneric(rows, vectors int) tile {
	return func(k int, a *byte, aStep int, b, c *byte, cStep, add int) {
		for i := range rows {
			var sum [2 * gemm.GenericCols]float32
			for p := range k {
				v := *element(a, i*aStep+4*p)
				for j := range vectors * gemm.GenericCols {
					sum[j] += v * *element(b, 4*(2*gemm.GenericCols*p+j))
				}
			}
			for j := range vectors * gemm.GenericCols {
				if add != 0 {
					sum[j] += *element(c, i*cStep+4*j)
				}
				*element(c, i*cStep+4*j) = sum[j]
			}
		}
	}
}

// transposeGeneric is the definition of kernels.transpose.
func transposeGeneric(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int) {
	for b := range blocks {
		for r, offset := range unsafe.Slice(offsets, lanes) {
			for c := range cols {
				*element(dst, b*dstBlock+c*dstStep+4*r) = *element(src, b*srcBlock+offset+4*c)
			}
		}
	}
}
