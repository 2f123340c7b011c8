package direct

import "unsafe"

// filterPack packs the filters for imageConv: for each tile of output channels a panel of lines, one a step, with the
// tile's channels in a line. Forward the steps are those of w, (row, column, input channel). Backward the channels of
// the input are the tile's and the steps are (row, column from right to left, output channel).
type filterPack struct {
	Shape
	k      *kernels
	back   bool
	tiles  tiling
	w, dst unsafe.Pointer
}

// bytes is the size of the panels.
func (p *filterPack) bytes() int {
	if p.back {
		return p.tiles.count * p.tiles.most() * p.KH * p.KW * p.K * p.k.elem
	}
	return p.tiles.count * p.tiles.most() * p.KH * p.KW * p.C * p.k.elem
}

// Run packs one panel.
func (p *filterPack) Run(i int) {
	first, rows := p.tiles.at(i)
	e, step := p.k.elem, p.tiles.most()*p.k.elem
	if !p.back {
		steps := p.KH * p.KW * p.C
		dst := unsafe.Add(p.dst, i*steps*step)
		p.k.gather(1, 0, 0, steps, (*byte)(unsafe.Add(p.w, first*e)), p.K*e, (*byte)(dst), step, rows)
		return
	}
	dst := unsafe.Add(p.dst, i*p.KH*p.KW*p.K*step)
	work := scratches.Get()
	offsets := &work.offsets[0]
	for a := range p.KH {
		for b := range p.KW {
			src := unsafe.Add(p.w, ((a*p.KW+b)*p.C+first)*p.K*e)
			to := unsafe.Add(dst, (a*p.KW+p.KW-1-b)*p.K*step)
			for r := 0; r < rows; r += p.k.lanes {
				n := min(rows-r, p.k.lanes)
				for l := range p.k.lanes {
					offsets[l] = min(l, n-1) * p.K * e
				}
				p.k.transpose(1, (*byte)(unsafe.Add(src, r*p.K*e)), 0, &offsets[0], p.K, (*byte)(unsafe.Add(to, r*e)), 0, step, n)
			}
		}
	}
	scratches.Put(work)
}
