package direct

import "unsafe"

// pool takes the maximum over each window of the staged cells, in place, and writes the cell that has it to the images'
// cells, for the windows [q0, q1) of out row r.
func (g *imageStrip) pool(stage unsafe.Pointer, r, q0, q1 int) {
	cell := g.dstC * g.line
	g.window = g.window[:0]
	for i := range g.winH {
		for j := range g.winW {
			g.window = append(g.window, (i*(q1-q0)*g.winW+j)*cell)
		}
	}
	lines := (q1 - q0) * g.dstC
	winners := g.winners.Get((lines + g.k.lanes) * g.line)
	for q := range q1 - q0 {
		g.k.poolMax(g.dstC*g.nv, (*byte)(unsafe.Add(stage, q*g.winW*cell)), &g.window[0], len(g.window),
			(*byte)(unsafe.Add(stage, q*cell)), (*byte)(unsafe.Add(winners, q*cell)))
	}
	g.flushCells(winners, lines, (r*g.outW+q0)*g.dstC)
}

// flushCells transposes lines of numbers of cells to the images, from the given place in each on. They are joined to
// numbers of 16 bits before, so that the elements keep their size, and the odd last ones are written one by one.
func (g *imageStrip) flushCells(winners unsafe.Pointer, lines, at int) {
	const size = int(unsafe.Sizeof(uint16(0)))
	image := g.outH * g.outW * g.dstC
	parts := g.k.elem / size
	whole := lines / parts
	for v := range g.nv {
		first, n := g.images(v)
		for i := range n {
			for l := whole * parts; l < lines; l++ {
				from := unsafe.Add(winners, l*g.line+(v*g.k.lanes+i)*g.k.elem)
				*(*uint16)(unsafe.Add(g.cells, ((first+i)*image+at+l)*size)) = *(*uint16)(from)
			}
		}
	}
	if whole == 0 {
		return
	}
	g.k.joinCells(whole, g.nv, (*byte)(winners), (*byte)(winners))
	for v := range g.nv {
		first, n := g.images(v)
		g.k.unpack(whole, unsafe.Add(winners, v*g.k.lineBytes(1)), g.line, &g.offsets[1], n,
			unsafe.Add(g.cells, (first*image+at)*size), image*size)
	}
}
