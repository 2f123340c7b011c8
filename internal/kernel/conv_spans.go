package kernel

// runs returns the runs of products for output cell (r, q).
func (g *imageStrip) runs(r, q, aStep int) []span {
	g.spans = g.spans[:0]
	if g.back {
		g.backRuns(r, q, aStep)
	} else {
		g.forwardRuns(r, q, aStep)
	}
	return g.spans
}

// forwardRuns: the filter cells of one row that lie on the image are consecutive in the image, too.
func (g *imageStrip) forwardRuns(r, q, aStep int) {
	left := q*g.StrideW - g.PadW
	b0, b1 := max(0, -left), min(g.KW, g.W-left)
	if b0 >= b1 {
		return
	}
	for a := range g.KH {
		h := r*g.StrideH + a - g.PadH
		if h < 0 || h >= g.H {
			continue
		}
		g.spans = append(g.spans, span{
			a: (a*g.KW + b0) * g.C * aStep,
			b: ((h-g.row0)*g.W + left + b0) * g.C * g.line,
			n: (b1 - b0) * g.C,
		})
	}
}

// backRuns: input cell (r, q) was met by filter cell (a, b) at output row (r+PadH-a)/StrideH and the column likewise,
// where these are whole. The packed filters have their columns reversed, so that with stride 1 the columns ascend
// together.
func (g *imageStrip) backRuns(r, q, aStep int) {
	for a := range g.KH {
		i := r + g.PadH - a
		if i < 0 || i%g.StrideH != 0 || i/g.StrideH >= g.oh {
			continue
		}
		i = i/g.StrideH - g.row0
		if g.StrideW == 1 {
			b0, b1 := max(0, q+g.PadW-g.ow+1), min(g.KW, q+g.PadW+1)
			if b0 < b1 {
				g.addBack(a, b1-1, i, q+g.PadW-b1+1, b1-b0, aStep)
			}
			continue
		}
		for b := range g.KW {
			j := q + g.PadW - b
			if j >= 0 && j%g.StrideW == 0 && j/g.StrideW < g.ow {
				g.addBack(a, b, i, j/g.StrideW, 1, aStep)
			}
		}
	}
}

// addBack adds the run of count filter cells that starts at (a, b), going left, and at cell (i, j) of the strip, going right.
func (g *imageStrip) addBack(a, b, i, j, count, aStep int) {
	g.spans = append(g.spans, span{
		a: (a*g.KW + g.KW - 1 - b) * g.K * aStep,
		b: (i*g.ow + j) * g.K * g.line,
		n: count * g.K,
	})
}
