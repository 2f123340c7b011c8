package direct

// asLanes returns how many of the images are to be lanes: all, or all but a rest that would leave so many lanes of a
// vector empty that their output cells had better be the lanes. It depends on the shape alone.
//
// Costs are in cycles for one output cell. A tile makes one step of a channel for two vectors in a cycle; a lone vector
// takes 1.2 times its share. Six cycles is what a cell costs in a transposition of a vector's square. What else the
// packing of cells costs was measured: 20 and 12 for each filter row.
func (t *imageConv) asLanes() int {
	lanes := t.k.lanes
	rest := t.N % lanes
	if rest == 0 {
		return t.N
	}
	tile := float64(t.dstC) / float64(2*lanes)
	squares := func(n int) float64 { return 6 * float64((n+lanes-1)/lanes) }

	steps := float64(t.Meetings()*t.srcC) / float64(t.dstH*t.dstW)
	image := 1.2*steps*tile + squares(t.dstC)

	if steps = float64(t.steps()); t.back {
		steps /= float64(t.StrideH * t.StrideW)
	}
	place := steps*tile + float64(t.KH)*(12+squares(t.KW*t.srcC)) + 20
	if float64(lanes)*image <= float64(rest)*place {
		return t.N
	}
	return t.N - rest
}

// Meetings counts the pairs of an output cell and a filter cell that meet on the image.
func (s Shape) Meetings() int {
	oh, ow := s.Out()
	count := func(n, filter, stride, pad, size int) (pairs int) {
		for a := range filter {
			lo, hi := inside(n, stride, pad-a, size, 0)
			pairs += hi - lo
		}
		return pairs
	}
	return count(oh, s.KH, s.StrideH, s.PadH, s.H) * count(ow, s.KW, s.StrideW, s.PadW, s.W)
}
