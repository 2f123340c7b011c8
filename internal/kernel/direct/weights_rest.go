package direct

import "unsafe"

// restPanel adds the block to panel p, which holds what the rows of the patch leave after whole panels. There the lines
// are packed.
func (w *weightBlockWork) restPanel(p int, sum unsafe.Pointer) {
	f0, f1 := w.restOf(p)
	nv := w.vectors(p)
	line := w.k.lineBytes(nv)
	dst := w.source.Get(w.rows * w.ow * line)
	for f := f0; f < f1; {
		a, c, n := w.restRun(f, f1)
		run := patchRun{weightConv: w.weightConv, dst: unsafe.Add(dst, (f-f0)*w.k.elem), line: line, c0: c, c1: c + n}
		for r := 0; r < w.rows; { // image by image
			i := (w.row + r) % w.oh
			rows := min(w.rows-r, w.oh-i)
			run.pack((w.row+r)/w.oh, a, i, rows)
			r += rows
			if r < w.rows {
				run.dst = unsafe.Add(run.dst, rows*w.ow*line)
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

// patchRun is the elements [c0, c1) of a row of the patch, to be packed.
type patchRun struct {
	*weightConv
	dst    unsafe.Pointer
	line   int // bytes between two positions in dst
	c0, c1 int
}

// pack packs the run, of row a of the patch, at the positions of the output rows [i, i+rows) of an image.
func (p *patchRun) pack(image, a, i, rows int) {
	lo, hi := inside(p.oh, p.StrideH, p.PadH-a, p.H, 0)
	lo, hi = min(max(lo-i, 0), rows), min(max(hi-i, 0), rows)
	p.zero(0, lo, 0, p.ow)
	p.zero(hi, rows, 0, p.ow)
	if lo >= hi {
		return
	}
	row := (image*p.H + (i+lo)*p.StrideH + a - p.PadH) * p.W * p.C // the element of x with which the image row starts
	j0, j1 := inside(p.ow, p.StrideW, p.PadW-p.c0/p.C, p.W, (p.c1-1)/p.C-p.c0/p.C)
	p.copy(row, lo, hi, j0, j1, p.c0, p.c1)
	for j := 0; j < p.ow; j++ {
		if j == j0 && j1 > j0 {
			j = j1 - 1
			continue
		}
		p.zero(lo, hi, j, j+1)
		c0, c1 := p.clip(j, p.c0, p.c1)
		p.copy(row, lo, hi, j, j+1, c0, c1)
	}
}

// copy packs the elements [c0, c1) at the positions [j0, j1) of rows [lo, hi), the first of which meets the image row
// at the given element of x.
func (p *patchRun) copy(row, lo, hi, j0, j1, c0, c1 int) {
	if j0 >= j1 || c0 >= c1 {
		return
	}
	e := p.k.elem
	src := unsafe.Add(p.x, (row+(j0*p.StrideW-p.PadW)*p.C+c0)*e)
	dst := unsafe.Add(p.dst, (lo*p.ow+j0)*p.line+(c0-p.c0)*e)
	p.k.gather(hi-lo, p.StrideH*p.W*p.C*e, p.ow*p.line, j1-j0, (*byte)(src), p.StrideW*p.C*e, (*byte)(dst), p.line, c1-c0)
}

// noughts is what a filter sees outside the image: two vectors of any kind.
var noughts [128]byte

// zero clears the run at the positions [j0, j1) of rows [lo, hi).
func (p *patchRun) zero(lo, hi, j0, j1 int) {
	if lo < hi {
		dst := unsafe.Add(p.dst, (lo*p.ow+j0)*p.line)
		p.k.gather(hi-lo, 0, p.ow*p.line, j1-j0, &noughts[0], 0, (*byte)(dst), p.line, p.c1-p.c0)
	}
}
