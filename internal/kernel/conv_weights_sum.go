package kernel

import "unsafe"

// weightSum adds the partial sums of weightConv, chunk after chunk, and transposes the result into dw. Its tasks are the
// panels.
type weightSum[T Float] struct {
	*weightConv
	dw unsafe.Pointer
}

// Run finishes panel p.
func (t *weightSum[T]) Run(p int) {
	nv := t.vectors(p)
	line, e := t.k.lineBytes(nv), t.k.elem
	n := t.K * nv * t.k.lanes
	at := func(chunk int) unsafe.Pointer {
		return unsafe.Add(t.partial, chunk*t.chunkBytes()+p*t.K*t.k.lineBytes(2))
	}
	sum := unsafe.Slice((*T)(at(0)), n)
	for c := 1; c < t.chunks; c++ {
		Add(sum, unsafe.Slice((*T)(at(c)), n), sum)
	}
	work := scratches.get()
	for r := range t.k.lanes {
		work.offsets[0][r] = r * line
	}
	for v := range nv {
		f := (2*p + v) * t.k.lanes
		cols := min(t.k.lanes, t.patch()-f)
		for k0 := 0; k0 < t.K; k0 += t.k.lanes {
			src := unsafe.Add(at(0), k0*line+v*t.k.lineBytes(1))
			dst := unsafe.Add(t.dw, (f*t.K+k0)*e)
			t.k.transpose((*byte)(src), &work.offsets[0][0], cols, (*byte)(dst), t.K*e, min(t.k.lanes, t.K-k0))
		}
	}
	scratches.put(work)
}
