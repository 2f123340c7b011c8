package direct

// cellRuns is the runs of products of one output cell: spans[lo:hi], the lines of B counted from byte b of the strip.
type cellRuns struct{ lo, hi, b int }

// plan lists the runs of the output cells [q0, q1) of row r. Neighbours share the spans where the same filter columns
// lie on the image.
func (g *imageStrip) plan(r, q0, q1, aStep int) {
	g.spans, g.runs = g.spans[:0], g.runs[:0]
	last := -1
	for q := q0; q < q1; q++ {
		b0, b1, first := g.columns(q)
		next := cellRuns{lo: len(g.spans), hi: len(g.spans), b: first * g.srcC * g.line}
		switch key := b0*g.KW + b1; {
		case b0 >= b1: // all padding
		case g.back && g.StrideW > 1:
			g.stridedRuns(r, q, aStep)
			next.hi, next.b = len(g.spans), 0
		case key == last:
			previous := g.runs[len(g.runs)-1]
			next.lo, next.hi = previous.lo, previous.hi
		default:
			g.rowRuns(r, b0, b1, aStep)
			next.hi, last = len(g.spans), key
		}
		if next.lo == next.hi {
			next.b = 0 // that place may lie outside the strip
		}
		g.runs = append(g.runs, next)
	}
}

// columns returns the filter columns [b0, b1) that lie on the image at output column q, and the source column under the
// first of them. Backward, the filter is seen from right to left and the answer holds for stride 1.
func (g *imageStrip) columns(q int) (b0, b1, first int) {
	left := q*g.StrideW - g.PadW
	if g.back {
		if g.StrideW > 1 {
			return 0, g.KW, 0
		}
		left = q + g.PadW - g.KW + 1
	}
	b0, b1 = max(0, -left), min(g.KW, g.srcW-left)
	return b0, b1, left + b0
}

// rowRuns adds a run for each filter row on the image: its columns [b0, b1) meet consecutive cells.
func (g *imageStrip) rowRuns(r, b0, b1, aStep int) {
	for a := range g.KH {
		if h, ok := g.sourceRow(r, a); ok {
			g.spans = appendSpans(g.spans, span{
				a: (a*g.KW + b0) * g.srcC * aStep,
				b: (h - g.row0) * g.srcW * g.srcC * g.line,
				n: (b1 - b0) * g.srcC,
			}, aStep, g.line)
		}
	}
}

// stridedRuns adds a run for each filter cell (a, b) that met input cell (r, q) in a convolution whose columns stride.
func (g *imageStrip) stridedRuns(r, q, aStep int) {
	for a := range g.KH {
		h, ok := g.sourceRow(r, a)
		if !ok {
			continue
		}
		for b := range g.KW {
			j := q + g.PadW - b
			if j < 0 || j%g.StrideW != 0 || j/g.StrideW >= g.srcW {
				continue
			}
			g.spans = appendSpans(g.spans, span{
				a: (a*g.KW + g.KW - 1 - b) * g.srcC * aStep,
				b: ((h-g.row0)*g.srcW + j/g.StrideW) * g.srcC * g.line,
				n: g.srcC,
			}, aStep, g.line)
		}
	}
}

// sourceRow returns the row of the source that filter row a meets for row r of the result, and whether there is one.
func (t *imageConv) sourceRow(r, a int) (h int, ok bool) {
	if !t.back {
		h = r*t.StrideH + a - t.PadH
		return h, h >= 0 && h < t.srcH
	}
	h = r + t.PadH - a
	return h / t.StrideH, h >= 0 && h%t.StrideH == 0 && h/t.StrideH < t.srcH
}
