package kernel

// The three passes written as their definitions say. They are what the fast kernels are tested against, and convGeneric
// runs them on parts of a convolution when the kernel set is "generic".

func convForwardGeneric[T Float](s Conv, x, w, y []T, e Epilogue[T]) {
	oh, ow := s.Out()
	for r := range s.N * oh * ow {
		out := y[r*s.K : (r+1)*s.K]
		clear(out)
		s.eachTap(r, oh, ow, func(xi, wi int) {
			for c, v := range x[xi : xi+s.C] {
				for k, f := range w[wi+c*s.K : wi+(c+1)*s.K] {
					out[k] += v * f
				}
			}
		})
		e.apply(out)
	}
}

func convBackwardDataGeneric[T Float](s Conv, dy, w, dx []T) {
	clear(dx[:s.N*s.H*s.W*s.C])
	oh, ow := s.Out()
	for r := range s.N * oh * ow {
		grad := dy[r*s.K : (r+1)*s.K]
		s.eachTap(r, oh, ow, func(xi, wi int) {
			for c := range s.C {
				var sum T
				for k, f := range w[wi+c*s.K : wi+(c+1)*s.K] {
					sum += grad[k] * f
				}
				dx[xi+c] += sum
			}
		})
	}
}

func convBackwardWeightsGeneric[T Float](s Conv, x, dy, dw []T) {
	oh, ow := s.Out()
	convCellsGeneric(s, oh, ow, x, dy, dw)
}

// convCellsGeneric is convBackwardWeightsGeneric for an output of oh by ow.
func convCellsGeneric[T Float](s Conv, oh, ow int, x, dy, dw []T) {
	clear(dw[:s.KH*s.KW*s.C*s.K])
	for r := range s.N * oh * ow {
		grad := dy[r*s.K : (r+1)*s.K]
		s.eachTap(r, oh, ow, func(xi, wi int) {
			for c, v := range x[xi : xi+s.C] {
				row := dw[wi+c*s.K : wi+(c+1)*s.K]
				for k, g := range grad {
					row[k] += v * g
				}
			}
		})
	}
}

// eachTap calls f for every filter cell that meets a cell of the image at output position r, counted through all images:
// xi is where that cell's channels start in x, wi where the filter cell's matrix (C, K) starts in w.
func (s Conv) eachTap(r, oh, ow int, f func(xi, wi int)) {
	n, i, j := r/(oh*ow), r/ow%oh, r%ow
	for a := range s.KH {
		h := i*s.StrideH + a - s.PadH
		if h < 0 || h >= s.H {
			continue
		}
		for b := range s.KW {
			q := j*s.StrideW + b - s.PadW
			if q < 0 || q >= s.W {
				continue
			}
			f(((n*s.H+h)*s.W+q)*s.C, (a*s.KW+b)*s.C*s.K)
		}
	}
}
