package kernel

import "github.com/fallline/fallline/internal/kernel/threads"

// convGeneric runs the definitions on parts of a convolution: forward and by the input on one image after another, by the
// filters on one filter cell after another. So no sum is split.
type convGeneric[T Float] struct {
	Conv
	oh, ow  int
	pass    convPass
	x, w, y []T
	e       Epilogue[T]
}

type convPass int

const (
	passForward convPass = iota
	passData
	passWeights
)

// Run computes part i.
func (t *convGeneric[T]) Run(i int) {
	s := t.Conv
	if t.pass == passWeights {
		s.PadH, s.PadW = s.PadH-i/s.KW, s.PadW-i%s.KW
		s.KH, s.KW = 1, 1
		cell := s.C * s.K
		convCellsGeneric(s, t.oh, t.ow, t.x, t.y, t.w[i*cell:(i+1)*cell])
		return
	}
	from, to := s.H*s.W*s.C, t.oh*t.ow*s.K
	x, y := t.x[i*from:(i+1)*from], t.y[i*to:(i+1)*to]
	s.N = 1
	if t.pass == passForward {
		convForwardGeneric(s, x, t.w, y, t.e)
	} else {
		convBackwardDataGeneric(s, y, t.w, x)
	}
}

var convGenerics stashes[convGeneric[float32], convGeneric[float64]]

// run runs n parts of a convolution.
func (t convGeneric[T]) run(n int) {
	t.oh, t.ow = t.Out()
	works := stashOf[T, convGeneric[T]](&convGenerics)
	c := works.get()
	*c = t
	threads.Parallel(n, c)
	*c = convGeneric[T]{}
	works.put(c)
}

func convGenericForward[T Float](s Conv, x, w, y []T, e Epilogue[T]) {
	convGeneric[T]{Conv: s, pass: passForward, x: x, w: w, y: y, e: e}.run(s.N)
}

func convGenericData[T Float](s Conv, dy, w, dx []T) {
	convGeneric[T]{Conv: s, pass: passData, x: dx, w: w, y: dy}.run(s.N)
}

func convGenericWeights[T Float](s Conv, x, dy, dw []T) {
	convGeneric[T]{Conv: s, pass: passWeights, x: x, w: dw, y: dy}.run(s.KH * s.KW)
}
