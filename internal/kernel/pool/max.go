package pool

import "github.com/fallline/fallline/internal/kernel"

// Max writes the maximum of each window of x (N, H, W, C) into y (N, OH, OW, C), and into arg (as y) the cell of the
// first maximum in its window, row·KW + column. Padding never wins. A window with a NaN gives NaN and the cell of the
// first NaN.
func Max[T kernel.Float](s Shape, x, y []T, arg []uint16) {
	runPool(&windowJob[T]{Shape: s, routine: poolMax, image: x, results: y, arg: arg})
}

// MaxGrad sends each dy (N, OH, OW, C) to the cell of its window that arg names, and writes dx (N, H, W, C). Where
// windows overlap the gradients add.
func MaxGrad[T kernel.Float](s Shape, dy []T, arg []uint16, dx []T) {
	runPool(&windowJob[T]{Shape: s, routine: maxGrad, image: dx, results: dy, arg: arg})
}

// maxPoolGeneric does count windows side by side, each kh × kw cells of channels elements. x is at the first cell of
// the first window; step, col and row are the elements from window to window, cell to cell and row to row. A window's
// cells are numbered from first on, and from row to row the number grows by width. The results of a window follow those
// of the one before.
func maxPoolGeneric[T kernel.Float](count, channels, kh, kw, step, col, row, first, width int, x, y []T, arg []uint16) {
	for w := range count {
		best, place := y[w*channels:(w+1)*channels], arg[w*channels:(w+1)*channels]
		for i := range kh {
			for j := range kw {
				cell := uint16(first + i*width + j)
				at := w*step + i*row + j*col
				values := x[at : at+channels]
				if i == 0 && j == 0 {
					copy(best, values)
					for c := range place {
						place[c] = cell
					}
					continue
				}
				for c, v := range values {
					if b := best[c]; v > b || v != v && b == b {
						best[c], place[c] = v, cell
					}
				}
			}
		}
	}
}

// maxPoolGradGeneric adds dy to the cell that arg names; the windows are those of maxPoolGeneric.
func maxPoolGradGeneric[T kernel.Float](count, channels, _, _, step, col, row, first, width int, dy []T, arg []uint16, dx []T) {
	y0, x0 := first/width, first%width
	for w := range count {
		d, place := dy[w*channels:(w+1)*channels], arg[w*channels:(w+1)*channels]
		for c, v := range d {
			cell := int(place[c])
			dx[w*step+(cell/width-y0)*row+(cell%width-x0)*col+c] += v
		}
	}
}

// maxPoolGradApartGeneric writes dy to the cell that arg names and 0 to the others, for windows that don't overlap.
func maxPoolGradApartGeneric[T kernel.Float](count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T) {
	clearWindows(count, channels, kh, kw, step, col, row, dx)
	maxPoolGradGeneric(count, channels, kh, kw, step, col, row, first, width, dy, arg, dx)
}

// clearWindows clears the cells of windows as maxPoolGeneric has them.
func clearWindows[T kernel.Float](count, channels, kh, kw, step, col, row int, x []T) {
	for w := range count {
		for i := range kh {
			for j := range kw {
				at := w*step + i*row + j*col
				clear(x[at : at+channels])
			}
		}
	}
}

// pickGeneric writes the elements that arg names; the windows are those of maxPoolGeneric.
func pickGeneric[T kernel.Float](count, channels, _, _, step, col, row, first, width int, x []T, arg []uint16, z []T) {
	y0, x0 := first/width, first%width
	for w := range count {
		picked, place := z[w*channels:(w+1)*channels], arg[w*channels:(w+1)*channels]
		for c := range picked {
			cell := int(place[c])
			picked[c] = x[w*step+(cell/width-y0)*row+(cell%width-x0)*col+c]
		}
	}
}

// pick2Generic is pickGeneric for whole windows of 2 × 2 cells.
func pick2Generic[T kernel.Float](count, channels, step, col, row int, x []T, arg []uint16, z []T) {
	pickGeneric(count, channels, 2, 2, step, col, row, 0, 2, x, arg, z)
}

// maxPool2Generic is maxPoolGeneric for whole windows of 2 × 2 cells.
func maxPool2Generic[T kernel.Float](count, channels, step, col, row int, x, y []T, arg []uint16) {
	maxPoolGeneric(count, channels, 2, 2, step, col, row, 0, 2, x, y, arg)
}

// maxPoolGrad2Generic is maxPoolGradApartGeneric for whole windows of 2 × 2 cells.
func maxPoolGrad2Generic[T kernel.Float](count, channels, step, col, row int, dy []T, arg []uint16, dx []T) {
	maxPoolGradApartGeneric(count, channels, 2, 2, step, col, row, 0, 2, dy, arg, dx)
}
