package direct

import "unsafe"

// patchPanel adds the block to panel p of the patches, which lies in one row of them.
func (w *weightBlockWork) patchPanel(p int, sum unsafe.Pointer) {
	c0 := p % w.direct * w.wide()
	w.visit(p/w.direct, c0, c0+w.wide())
	for i := range w.spans { // here A is dy
		s := &w.spans[i]
		s.a, s.b = s.b, s.a
	}
	w.addRows(2, w.x, w.StrideW*w.C*w.k.elem, sum)
}

// addRows adds to a panel of the patches the products of all channels of dy with lines of nv vectors at b.
func (w *weightBlockWork) addRows(nv int, b unsafe.Pointer, bStep int, sum unsafe.Pointer) {
	e := w.k.elem
	for i := range w.tiles.count {
		k0, rows := w.tiles.at(i)
		w.k.run(nv, rows, w.spans, unsafe.Add(w.grad, k0*e), b, unsafe.Add(sum, k0*w.k.lineBytes(nv)), w.K*e, bStep, nil, w.mode)
	}
}

// channelPanel adds the block to panel p of the channels.
func (w *weightBlockWork) channelPanel(p int, sum unsafe.Pointer) {
	k0, e := p*w.wide(), w.k.elem
	nv := w.vectors(p)
	for a := range w.KH {
		w.visit(a, 0, w.width())
		for i := range w.tiles.count {
			c0, rows := w.tiles.at(i)
			w.k.run(nv, rows, w.spans, unsafe.Add(w.x, c0*e), unsafe.Add(w.grad, k0*e),
				unsafe.Add(sum, (a*w.width()+c0)*w.k.lineBytes(nv)), w.StrideW*w.C*e, w.K*e, nil, w.mode)
		}
	}
}

// visit lists the elements [c0, c1) of row a of the patches at the positions of the block, as spans of x and of the
// block's dy. A patch that lies on the image in part is assembled in scratch memory; one that doesn't is left out.
func (w *weightBlockWork) visit(a, c0, c1 int) {
	w.spans = w.spans[:0]
	e := w.k.elem
	j0, j1 := inside(w.ow, w.StrideW, w.PadW-c0/w.C, w.W, (c1-1)/w.C-c0/w.C)
	line := (c1 - c0) * e
	edge := w.source.Get((w.ow-(j1-j0))*w.rows*line + 1)
	for r := range w.rows {
		start, ok := w.imageRow(w.row+r, a)
		if !ok {
			continue
		}
		if j0 < j1 {
			w.spans = append(w.spans, span{
				a: (start + (j0*w.StrideW-w.PadW)*w.C + c0) * e, b: (r*w.ow + j0) * w.K * e, n: j1 - j0,
			})
		}
		for j := 0; j < w.ow; j++ {
			if j == j0 {
				j = j1
			}
			if j == w.ow {
				break
			}
			lo, hi := w.clip(j, c0, c1)
			if lo >= hi {
				continue
			}
			to := unsafe.Slice((*byte)(edge), line)
			clear(to)
			from := unsafe.Add(w.x, (start+(j*w.StrideW-w.PadW)*w.C+lo)*e)
			copy(to[(lo-c0)*e:], unsafe.Slice((*byte)(from), (hi-lo)*e))
			w.spans = append(w.spans, span{
				a: int(uintptr(edge) - uintptr(w.x)), b: (r*w.ow + j) * w.K * e, n: 1,
			})
			edge = unsafe.Add(edge, line)
		}
	}
}
