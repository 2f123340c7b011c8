package kernel

// MaxPool writes the maximum of each window of x (N, H, W, C) into y (N, OH, OW, C), and into arg (as y) the cell of the first
// maximum in its window, row·KW + column. Padding never wins. A window with a NaN gives NaN and the cell of the first NaN.
// The padding is less than the window, so that no window lies outside the image.
func MaxPool[T Float](s Pool, x, y []T, arg []uint16) {
	oh, ow := s.Out()
	for n := range s.N {
		for oy := range oh {
			for ox := range ow {
				y0, y1, x0, x1 := s.window(oy, ox)
				o := ((n*oh+oy)*ow + ox) * s.C
				for c := range s.C {
					var best T
					cell := -1
					for i := y0; i < y1; i++ {
						for j := x0; j < x1; j++ {
							v := x[((n*s.H+i)*s.W+j)*s.C+c]
							if cell < 0 || v > best || (v != v && best == best) {
								best = v
								cell = (i-oy*s.StrideH+s.PadH)*s.KW + j - ox*s.StrideW + s.PadW
							}
						}
					}
					y[o+c], arg[o+c] = best, uint16(cell)
				}
			}
		}
	}
}

// MaxPoolGrad sends each dy (N, OH, OW, C) to the cell of its window that arg names, and writes dx (N, H, W, C). Where windows
// overlap the gradients add.
func MaxPoolGrad[T Float](s Pool, dy []T, arg []uint16, dx []T) {
	oh, ow := s.Out()
	clear(dx)
	for n := range s.N {
		for oy := range oh {
			for ox := range ow {
				o := ((n*oh+oy)*ow + ox) * s.C
				for c := range s.C {
					cell := int(arg[o+c])
					i, j := oy*s.StrideH-s.PadH+cell/s.KW, ox*s.StrideW-s.PadW+cell%s.KW
					dx[((n*s.H+i)*s.W+j)*s.C+c] += dy[o+c]
				}
			}
		}
	}
}
