package kernel

import "unsafe"

// restPanel adds the block to panel p, which holds what the rows of the patch leave after whole panels. There the lines
// are packed.
func (w *weightBlockWork) restPanel(p int, sum unsafe.Pointer) {
	f0, f1 := w.restOf(p)
	nv := w.vectors(p)
	line := w.k.lineBytes(nv)
	dst := w.source.get(w.rows * w.ow * line)
	for f := f0; f < f1; {
		a, c, n := w.restRun(f, f1)
		for r := range w.rows {
			run := patchRun{weightConv: w.weightConv, dst: unsafe.Add(dst, r*w.ow*line+(f-f0)*w.k.elem), line: line, c0: c, c1: c + n}
			if start, ok := w.imageRow(w.row+r, a); ok {
				run.pack(start)
			} else {
				run.zero(0, w.ow)
			}
		}
		f += n
	}
	w.spans = append(w.spans[:0], span{n: w.rows * w.ow})
	w.addRows(nv, dst, line, sum)
}

// restOf returns the elements [f0, f1) of the rests of the rows, one after another, that panel p holds.
func (t *weightConv) restOf(p int) (f0, f1 int) {
	f0 = (p - t.KH*t.direct) * t.wide()
	return f0, min(f0+t.wide(), t.KH*t.rest)
}

// restRun returns the row of the patch in which element f of the rests lies, its place in that row, and how many follow
// there before f1, itself included.
func (t *weightConv) restRun(f, f1 int) (a, c, n int) {
	a = f / t.rest
	return a, f%t.rest + t.direct*t.wide(), min(f1, (a+1)*t.rest) - f
}

// noughts is what a filter sees outside the image: two vectors of any kind.
var noughts [128]byte

// patchRun is the elements [c0, c1) of a row of the patch at all positions of a row of the output.
type patchRun struct {
	*weightConv
	dst    unsafe.Pointer
	line   int // bytes between two positions in dst
	src    unsafe.Pointer
	c0, c1 int
}

// pack copies all positions at once where the run lies on the image row whole, and the others one by one. The image row
// starts at the given element of x.
func (p *patchRun) pack(start int) {
	p.src = unsafe.Add(p.x, start*p.k.elem)
	j0, j1 := p.interior(p.c0/p.C, (p.c1-1)/p.C)
	p.copy(j0, j1-j0, p.c0, p.c1)
	for j := range j0 {
		p.edge(j)
	}
	for j := j1; j < p.ow; j++ {
		p.edge(j)
	}
}

// edge writes position j, where a part of the run may lie outside the image.
func (p *patchRun) edge(j int) {
	p.zero(j, 1)
	lo, hi := p.clip(j, p.c0, p.c1)
	p.copy(j, 1, lo, hi)
}

// copy writes the elements [lo, hi) at n positions from j on.
func (p *patchRun) copy(j, n, lo, hi int) {
	if n <= 0 || lo >= hi {
		return
	}
	e := p.k.elem
	src := unsafe.Add(p.src, ((j*p.StrideW-p.PadW)*p.C+lo)*e)
	dst := unsafe.Add(p.dst, j*p.line+(lo-p.c0)*e)
	p.k.gather(n, (*byte)(src), p.StrideW*p.C*e, (*byte)(dst), p.line, hi-lo)
}

// zero clears the run at n positions from j on.
func (p *patchRun) zero(j, n int) {
	p.k.gather(n, &noughts[0], 0, (*byte)(unsafe.Add(p.dst, j*p.line)), p.line, p.c1-p.c0)
}
