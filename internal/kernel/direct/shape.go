package direct

// Shape is the shape of a two-dimensional convolution (a cross-correlation, as everywhere in this field) of images in
// the order (batch, height, width, channels), with zero padding of PadH rows above and below and PadW columns left and
// right:
//
//	x  (N, H, W, C)      input
//	w  (KH, KW, C, K)    filters
//	y  (N, OH, OW, K)    output, OH and OW as Out returns them
//
//	y[n,i,j,k] = sum over a, b, c of x[n, i StrideH + a - PadH, j StrideW + b - PadW, c] w[a,b,c,k]
//
// Strides are at least 1, pads at least 0; cells of x outside the image count as zero. Any pad is legal, also one that
// is wider than the filter.
type Shape struct {
	N, H, W, C       int // images, rows, columns, channels of the input
	K                int // channels of the output: the number of filters
	KH, KW           int // rows and columns of a filter
	StrideH, StrideW int
	PadH, PadW       int

	// Direct forbids Winograd's method. It takes a third to a half of the time of a direct convolution by filters of 3
	// by 3 cells, but its rounding errors are larger, a few times 1e-6 relative to the result as a whole, and a NaN or
	// infinity of the input spoils all 16 outputs of a tile that it reaches.
	Direct bool
}

// Out returns the height and width of the output, (H + 2 PadH - KH)/StrideH + 1 and the same for the columns, zero
// where the padded image is smaller than the filter.
func (s Shape) Out() (oh, ow int) {
	return outLen(s.H, s.KH, s.StrideH, s.PadH), outLen(s.W, s.KW, s.StrideW, s.PadW)
}

// outLen is the number of places of a window of length k on n cells padded by p on both sides.
func outLen(n, k, stride, p int) int {
	if n+2*p < k {
		return 0
	}
	return (n+2*p-k)/stride + 1
}

// Pass is one of the three computations of a convolution.
type Pass int

const (
	PassForward Pass = iota
	PassData
	PassWeights
)
