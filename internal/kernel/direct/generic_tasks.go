package direct

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// generic runs the definitions on parts of a convolution: forward and by the input on one image after another, by the
// filters on one filter cell after another. So no sum is split.
type generic[T kernel.Float] struct {
	Shape
	oh, ow  int
	pass    Pass
	x, w, y []T
	e       gemm.Epilogue[T]
}

// Run computes part i.
func (t *generic[T]) Run(i int) {
	s := t.Shape
	if t.pass == PassWeights {
		s.PadH, s.PadW = s.PadH-i/s.KW, s.PadW-i%s.KW
		s.KH, s.KW = 1, 1
		cell := s.C * s.K
		cellsGeneric(s, t.oh, t.ow, t.x, t.y, t.w[i*cell:(i+1)*cell])
		return
	}
	from, to := s.H*s.W*s.C, t.oh*t.ow*s.K
	x, y := t.x[i*from:(i+1)*from], t.y[i*to:(i+1)*to]
	s.N = 1
	if t.pass == PassForward {
		ForwardDefinition(s, x, t.w, y, t.e)
	} else {
		BackwardDataDefinition(s, y, t.w, x)
	}
}

var generics kernel.Stashes[generic[float32], generic[float64]]

// run runs n parts of a convolution.
func (t generic[T]) run(n int) {
	t.oh, t.ow = t.Out()
	works := kernel.StashOf[T, generic[T]](&generics)
	c := works.Get()
	*c = t
	threads.Parallel(n, c)
	*c = generic[T]{}
	works.Put(c)
}

func genericForward[T kernel.Float](s Shape, x, w, y []T, e gemm.Epilogue[T]) {
	generic[T]{Shape: s, pass: PassForward, x: x, w: w, y: y, e: e}.run(s.N)
}

func genericData[T kernel.Float](s Shape, dy, w, dx []T) {
	generic[T]{Shape: s, pass: PassData, x: dx, w: w, y: dy}.run(s.N)
}

func genericWeights[T kernel.Float](s Shape, x, dy, dw []T) {
	generic[T]{Shape: s, pass: PassWeights, x: x, w: dw, y: dy}.run(s.KH * s.KW)
}
