package kernel

import "unsafe"

// noughts is what a filter sees outside the image: two vectors of any kind.
var noughts [128]byte

// pack writes panel p's part of the patches at the positions of the n output rows from row r on, counted through all
// images.
func (t *weightConv) pack(dst unsafe.Pointer, p, nv, r, n int) {
	f0 := 2 * p * t.k.lanes
	f1 := min(f0+nv*t.k.lanes, t.patch())
	line, width := t.k.lineBytes(nv), t.KW*t.C
	for i := range n {
		image, row := (r+i)/t.oh, (r+i)%t.oh
		for f := f0; f < f1; {
			a := f / width
			end := min(f1, (a+1)*width)
			h := row*t.StrideH + a - t.PadH
			patch := patchRow{
				weightConv: t, dst: unsafe.Add(dst, i*t.ow*line+(f-f0)*t.k.elem), line: line,
				c0: f - a*width, c1: end - a*width,
			}
			if h < 0 || h >= t.H {
				patch.zero(0, t.ow)
			} else {
				patch.src = unsafe.Add(t.x, (image*t.H+h)*t.W*t.C*t.k.elem)
				patch.pack()
			}
			f = end
		}
	}
}

// patchRow is the elements [c0, c1) of the KW*C ones that the filter sees on one row of an image, at all positions of a
// row of the output.
type patchRow struct {
	*weightConv
	dst    unsafe.Pointer
	line   int            // bytes between two positions in dst
	src    unsafe.Pointer // start of the image row
	c0, c1 int
}

// pack copies all positions at once where the run lies on the image whole, and the others one by one.
func (p *patchRow) pack() {
	first, last := p.c0/p.C, (p.c1-1)/p.C // columns of the filter
	j0 := min(p.ow, max(0, (p.PadW-first+p.StrideW-1)/p.StrideW))
	j1 := j0
	if room := p.W - 1 + p.PadW - last; room >= 0 {
		j1 = max(j0, min(p.ow, room/p.StrideW+1))
	}
	p.copy(j0, j1-j0, p.c0, p.c1)
	for j := range j0 {
		p.edge(j)
	}
	for j := j1; j < p.ow; j++ {
		p.edge(j)
	}
}

// edge writes position j, where a part of the run may lie outside the image.
func (p *patchRow) edge(j int) {
	left := j*p.StrideW - p.PadW
	p.zero(j, 1)
	p.copy(j, 1, max(p.c0, -left*p.C), min(p.c1, (p.W-left)*p.C))
}

// copy writes the elements [c0, c1) at n positions from j on.
func (p *patchRow) copy(j, n, c0, c1 int) {
	if n <= 0 || c0 >= c1 {
		return
	}
	e := p.k.elem
	src := unsafe.Add(p.src, ((j*p.StrideW-p.PadW)*p.C+c0)*e)
	dst := unsafe.Add(p.dst, j*p.line+(c0-p.c0)*e)
	p.k.gather(n, (*byte)(src), p.StrideW*p.C*e, (*byte)(dst), p.line, c1-c0)
}

// zero clears the run at n positions from j on.
func (p *patchRow) zero(j, n int) {
	p.k.gather(n, &noughts[0], 0, (*byte)(unsafe.Add(p.dst, j*p.line)), p.line, p.c1-p.c0)
}
