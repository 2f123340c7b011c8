package kernel

// Pool is the geometry of a pooling of images (N, H, W, C) with windows of KH × KW cells, with symmetric padding.
type Pool struct{ N, H, W, C, KH, KW, StrideH, StrideW, PadH, PadW int }

// Out is the height and width of the result.
func (s Pool) Out() (oh, ow int) {
	return (s.H+2*s.PadH-s.KH)/s.StrideH + 1, (s.W+2*s.PadW-s.KW)/s.StrideW + 1
}

// window is the part of output (oy, ox)'s window that lies inside the image: rows y0 to y1−1 and columns x0 to x1−1.
func (s Pool) window(oy, ox int) (y0, y1, x0, x1 int) {
	y0, x0 = oy*s.StrideH-s.PadH, ox*s.StrideW-s.PadW
	return max(y0, 0), min(y0+s.KH, s.H), max(x0, 0), min(x0+s.KW, s.W)
}
