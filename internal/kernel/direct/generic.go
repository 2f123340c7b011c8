package direct

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// The three passes written as their definitions say. They are what the fast kernels are tested against, and generic
// runs them on parts of a convolution when the kernel set is "generic".

func ForwardDefinition[T kernel.Float](s Shape, x, w, y []T, e gemm.Epilogue[T]) {
	oh, ow := s.Out()
	for r := range s.N * oh * ow {
		out := y[r*s.K : (r+1)*s.K]
		clear(out)
		s.eachTap(r, oh, ow, func(xi, wi int) {
			for c := 0; c < s.C; c += passProducts {
				n := min(passProducts, s.C-c)
				addRows(x[xi+c:xi+c+n], w[wi+c*s.K:wi+(c+n)*s.K], out)
			}
		})
		e.Apply(out)
	}
}

// addRows adds x (n) times w (n, outputs) to out, in sums of their own.
func addRows[T kernel.Float](x, w, out []T) {
	var sums [64]T
	for k0 := 0; k0 < len(out); k0 += len(sums) {
		to := out[k0:min(k0+len(sums), len(out))]
		part := sums[:len(to)]
		clear(part)
		for c, v := range x {
			for k, f := range w[c*len(out)+k0:][:len(part)] {
				part[k] += v * f
			}
		}
		for k, v := range part {
			to[k] += v
		}
	}
}

func BackwardDataDefinition[T kernel.Float](s Shape, dy, w, dx []T) {
	clear(dx[:s.N*s.H*s.W*s.C])
	oh, ow := s.Out()
	for r := range s.N * oh * ow {
		grad := dy[r*s.K : (r+1)*s.K]
		s.eachTap(r, oh, ow, func(xi, wi int) {
			for c := range s.C {
				row, to := w[wi+c*s.K:wi+(c+1)*s.K], grad
				for len(row) > 0 {
					n := min(passProducts, len(row))
					var sum T
					for k, f := range row[:n] {
						sum += to[k] * f
					}
					dx[xi+c] += sum
					row, to = row[n:], to[n:]
				}
			}
		})
	}
}

func BackwardWeightsDefinition[T kernel.Float](s Shape, x, dy, dw []T) {
	oh, ow := s.Out()
	cellsGeneric(s, oh, ow, x, dy, dw)
}

// cellsGeneric is BackwardWeightsDefinition for an output of oh by ow.
func cellsGeneric[T kernel.Float](s Shape, oh, ow int, x, dy, dw []T) {
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

// eachTap calls f for every filter cell that meets a cell of the image at output position r, counted through all
// images: xi is where that cell's channels start in x, wi where the filter cell's matrix (C, K) starts in w.
func (s Shape) eachTap(r, oh, ow int, f func(xi, wi int)) {
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
