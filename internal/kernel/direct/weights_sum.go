package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// weightSum adds the partial sums of weightConv, chunk after chunk, and writes the result into dw. Its tasks are the
// panels.
type weightSum[T kernel.Float] struct {
	*weightConv
	dw unsafe.Pointer
}

// Run finishes panel p.
func (t *weightSum[T]) Run(p int) {
	offset := p * t.height * t.k.lineBytes(2)
	line := t.k.lineBytes(t.vectors(p))
	n := t.height * line / t.k.elem
	total := unsafe.Add(t.partial, offset)
	sum := unsafe.Slice((*T)(total), n)
	for c := 1; c < t.chunks; c++ {
		pointwise.Add(sum, unsafe.Slice((*T)(unsafe.Add(t.partial, c*t.chunkBytes()+offset)), n), sum)
	}
	e := t.k.elem
	switch {
	case t.channels: // the lines are as in dw
		k0 := p * t.wide()
		lanes := min(t.wide(), t.K-k0)
		t.k.gather(1, 0, 0, t.height, (*byte)(total), line, (*byte)(unsafe.Add(t.dw, k0*e)), t.K*e, lanes)
	case p < t.KH*t.direct:
		f := p/t.direct*t.width() + p%t.direct*t.wide()
		t.scatter(total, line, f, t.wide())
	default:
		f0, f1 := t.restOf(p)
		for f := f0; f < f1; {
			a, c, n := t.restRun(f, f1)
			t.scatter(unsafe.Add(total, (f-f0)*e), line, a*t.width()+c, n)
			f += n
		}
	}
}

// scatter transposes n lanes of a panel of lines of the given size to the elements of the patch from f on.
func (t *weightSum[T]) scatter(src unsafe.Pointer, line, f, n int) {
	work := scratches.Get()
	t.k.multiples(&work.offsets[0], line)
	e := t.k.elem
	for v := 0; v < n; v += t.k.lanes {
		t.k.unpack(t.K, unsafe.Add(src, v*e), line, &work.offsets[0], min(n-v, t.k.lanes), unsafe.Add(t.dw, (f+v)*t.K*e), t.K*e)
	}
	scratches.Put(work)
}
