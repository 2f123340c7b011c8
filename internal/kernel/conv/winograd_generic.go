package conv

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// winogradDefinitions are the kernels in plain Go.
func winogradDefinitions() *winogradKernels {
	return &winogradKernels{
		lanes: gemm.GenericCols, rows: gemm.GenericRows,
		input: winogradSpreads(winogradBt, winogradNarrowBt), grad: winogradSpreads(winogradA, winogradNarrowA), output: winogradOutputs(),
		filter: winogradFilterGeneric, filterGrad: winogradFilterGradGeneric, transpose: winogradTransposeGeneric,
		tile: [2][]winogradTile{
			{nil, winogradTileGeneric(1, 1), winogradTileGeneric(2, 1)},
			{nil, winogradTileGeneric(1, 2), winogradTileGeneric(2, 2)},
		},
	}
}

// winogradTable holds the kernels of each set. They are for float32 alone.
var winogradTable = kernel.NewTable(winogradDefinitions(), struct{}{})

// winogradInUse returns the kernels of the set in use.
func winogradInUse() *winogradKernels { return winogradTable.F32[kernel.Active()] }

// winogradSquare holds up to 6 by 6 numbers.
type winogradSquare [6][6]float32

// between returns m d n'.
func (d *winogradSquare) between(m, n [][]float32) (r winogradSquare) {
	var half winogradSquare
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

// element is the number at an offset in bytes. Rows of zeros are in other memory than the images, which is what the check of
// pointers, under the race detector, would object to.
//
//go:nocheckptr
func element(p *byte, offset int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), offset)) }

// has reports whether tiles of a kind have a cell.
func (k winogradKind) has(cell int) bool {
	return !(k&narrowRows != 0 && cell/6 == winogradLacking || k&narrowCols != 0 && cell%6 == winogradLacking)
}

// winogradSpreads are the definitions of winogradKernels.input and grad for tiles of four rows or columns and for narrow ones.
func winogradSpreads(four, three [][]float32) (s [winogradKinds]winogradSpread) {
	for kind := range s {
		m := [2][][]float32{four, three}
		s[kind] = winogradSpreadGeneric(winogradKind(kind), m[kind&1], m[kind>>1])
	}
	return s
}

func winogradSpreadGeneric(kind winogradKind, down, across [][]float32) winogradSpread {
	return func(groups, tail int, src *byte, rows *int, cellStep, lo, hi int, dst *byte, dstStep int, _ *byte) {
		for c := range groups * gemm.GenericCols {
			var d winogradSquare
			for i, offset := range unsafe.Slice(rows, len(down[0])) {
				for j := lo; j < hi && c < (groups-1)*gemm.GenericCols+tail; j++ {
					d[i][j] = *element(src, offset+j*cellStep+4*c)
				}
			}
			r := d.between(down, across)
			for i := range winogradCells {
				if kind.has(i) {
					*element(dst, i*dstStep+4*c) = r[i/6][i%6]
				}
			}
		}
	}
}

// winogradOutputs are the definitions of winogradKernels.output.
func winogradOutputs() (o [winogradKinds]winogradOutput) {
	for kind := range o {
		m := [2][][]float32{winogradAt, winogradNarrowAt}
		o[kind] = winogradOutputGeneric(winogradKind(kind), m[kind&1], m[kind>>1])
	}
	return o
}

func winogradOutputGeneric(kind winogradKind, down, across [][]float32) winogradOutput {
	return func(groups, tail int, src *byte, srcStep int, dst *byte, rowStep, cellStep, rows, cols int, bias *byte, floor float32, _ *byte) {
		for c := range (groups-1)*gemm.GenericCols + tail {
			var d winogradSquare
			for i := range winogradCells {
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

// winogradFilterGeneric is the definition of winogradKernels.filter.
func winogradFilterGeneric(count, lanes int, src *byte, srcRow, tapStep int, dst *byte, dstRow, dstStep int, _ *byte) {
	for q := range count {
		for l := range gemm.GenericCols {
			var d winogradSquare
			for i := 0; i < 9 && l < lanes; i++ {
				d[i/3][i%3] = *element(src, q*srcRow+i*tapStep+4*l)
			}
			r := d.between(winogradG, winogradG)
			for i := range winogradCells {
				*element(dst, q*dstRow+i*dstStep+4*l) = r[i/6][i%6]
			}
		}
	}
}

// winogradFilterGradGeneric is the definition of winogradKernels.filterGrad.
func winogradFilterGradGeneric(count, lanes int, src *byte, srcRow, srcStep int, dst *byte, dstRow, tapStep int, _ *byte) {
	for q := range count {
		for l := range lanes {
			var d winogradSquare
			for i := range winogradCells {
				d[i/6][i%6] = *element(src, q*srcRow+i*srcStep+4*l)
			}
			r := d.between(winogradGt, winogradGt)
			for i := range 9 {
				*element(dst, q*dstRow+i*tapStep+4*l) = r[i/3][i%3]
			}
		}
	}
}

// winogradTileGeneric is the definition of winogradKernels.tile.
func winogradTileGeneric(rows, vectors int) winogradTile {
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

// winogradTransposeGeneric is the definition of kernels.transpose.
func winogradTransposeGeneric(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int) {
	for b := range blocks {
		for r, offset := range unsafe.Slice(offsets, lanes) {
			for c := range cols {
				*element(dst, b*dstBlock+c*dstStep+4*r) = *element(src, b*srcBlock+offset+4*c)
			}
		}
	}
}
