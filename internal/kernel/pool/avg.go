package pool

import "github.com/fallline/fallline/internal/kernel"

// Avg writes the mean of each window of x (N, H, W, C) into y (N, OH, OW, C). With countPad the padding counts as zeros
// and every sum is divided by KH·KW; else by the number of cells inside the image.
func Avg[T kernel.Float](s Shape, x, y []T, countPad bool) {
	runPool(&windowJob[T]{Shape: s, routine: avg, image: x, results: y, countPad: countPad})
}

// AvgGrad spreads each dy (N, OH, OW, C) evenly over its window and writes dx (N, H, W, C). Where windows overlap the
// gradients add.
func AvgGrad[T kernel.Float](s Shape, dy, dx []T, countPad bool) {
	runPool(&windowJob[T]{Shape: s, routine: avgGrad, image: dx, results: dy, countPad: countPad})
}

// avgPoolGeneric writes the sum of each window times scale; the windows are those of maxPoolGeneric.
func avgPoolGeneric[T kernel.Float](count, channels, kh, kw, step, col, row int, scale T, x, y []T) {
	for w := range count {
		sum := y[w*channels : (w+1)*channels]
		clear(sum)
		for i := range kh {
			for j := range kw {
				at := w*step + i*row + j*col
				for c, v := range x[at : at+channels] {
					sum[c] += v
				}
			}
		}
		for c := range sum {
			sum[c] *= scale
		}
	}
}

// avgPoolGradGeneric adds dy times scale to each cell of its window.
func avgPoolGradGeneric[T kernel.Float](count, channels, kh, kw, step, col, row int, scale T, dy, dx []T) {
	for w := range count {
		d := dy[w*channels : (w+1)*channels]
		for i := range kh {
			for j := range kw {
				at := w*step + i*row + j*col
				to := dx[at : at+channels]
				for c, v := range d {
					to[c] += T(v * scale)
				}
			}
		}
	}
}

// avgPoolGradApartGeneric writes dy times scale to each cell of its window, for windows that don't overlap.
func avgPoolGradApartGeneric[T kernel.Float](count, channels, kh, kw, step, col, row int, scale T, dy, dx []T) {
	clearWindows(count, channels, kh, kw, step, col, row, dx)
	avgPoolGradGeneric(count, channels, kh, kw, step, col, row, scale, dy, dx)
}
