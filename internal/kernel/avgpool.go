package kernel

// AvgPool writes the mean of each window of x (N, H, W, C) into y (N, OH, OW, C). With countPad the padding counts as zeros and
// every sum is divided by KH·KW; else by the number of cells inside the image.
func AvgPool[T Float](s Pool, x, y []T, countPad bool) {
	oh, ow := s.Out()
	for n := range s.N {
		for oy := range oh {
			for ox := range ow {
				y0, y1, x0, x1 := s.window(oy, ox)
				scale := s.share(y0, y1, x0, x1, countPad)
				o := ((n*oh+oy)*ow + ox) * s.C
				for c := range s.C {
					var sum T
					for i := y0; i < y1; i++ {
						for j := x0; j < x1; j++ {
							sum += x[((n*s.H+i)*s.W+j)*s.C+c]
						}
					}
					y[o+c] = sum * T(scale)
				}
			}
		}
	}
}

// AvgPoolGrad spreads each dy (N, OH, OW, C) evenly over its window and writes dx (N, H, W, C). Where windows overlap the
// gradients add.
func AvgPoolGrad[T Float](s Pool, dy, dx []T, countPad bool) {
	oh, ow := s.Out()
	clear(dx)
	for n := range s.N {
		for oy := range oh {
			for ox := range ow {
				y0, y1, x0, x1 := s.window(oy, ox)
				scale := s.share(y0, y1, x0, x1, countPad)
				o := ((n*oh+oy)*ow + ox) * s.C
				for c := range s.C {
					d := T(dy[o+c] * T(scale))
					for i := y0; i < y1; i++ {
						for j := x0; j < x1; j++ {
							dx[((n*s.H+i)*s.W+j)*s.C+c] += d
						}
					}
				}
			}
		}
	}
}

// share is what a cell's weight in the mean of its window is.
func (s Pool) share(y0, y1, x0, x1 int, countPad bool) float64 {
	if countPad {
		return 1 / float64(s.KH*s.KW)
	}
	return 1 / float64((y1-y0)*(x1-x0))
}
