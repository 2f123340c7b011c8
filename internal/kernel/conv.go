package kernel

// Conv is the shape of a two-dimensional convolution (a cross-correlation, as everywhere in this field) of images in
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
type Conv struct {
	N, H, W, C       int // images, rows, columns, channels of the input
	K                int // channels of the output: the number of filters
	KH, KW           int // rows and columns of a filter
	StrideH, StrideW int
	PadH, PadW       int

	// Direct forbids Winograd's method. It takes a third to a half of the time of a direct convolution by filters of 3 by 3
	// cells, but its rounding errors are larger, a few times 1e-6 relative to the result as a whole, and a NaN or infinity of
	// the input spoils all 16 outputs of a tile that it reaches.
	Direct bool
}

// Out returns the height and width of the output, (H + 2 PadH - KH)/StrideH + 1 and the same for the columns, zero where
// the padded image is smaller than the filter.
func (s Conv) Out() (oh, ow int) {
	return outLen(s.H, s.KH, s.StrideH, s.PadH), outLen(s.W, s.KW, s.StrideW, s.PadW)
}

// outLen is the number of places of a window of length k on n cells padded by p on both sides.
func outLen(n, k, stride, p int) int {
	if n+2*p < k {
		return 0
	}
	return (n+2*p-k)/stride + 1
}

// ConvForward computes y = act(conv(x, w) + bias): e gives the bias of each output channel and whether to clip at
// zero. y is overwritten and must not overlap x or w.
func ConvForward[T Float](s Conv, x, w, y []T, e Epilogue[T]) {
	x, w, y = convOperands(s, x, w, y)
	k := convFor[T]()
	switch {
	case len(y) == 0:
	case k == nil || len(w) == 0:
		convGenericForward(s, x, w, y, e)
	case s.byWinograd(is32[T](), passForward):
		convForwardWinograd(s, x, w, y, e)
	case s.isProduct(k, s.K):
		convForwardProduct(s, x, w, y, e)
	default:
		convForwardFast(k, s, x, w, y, e)
	}
}

// ConvBackwardData computes dx, the gradient of a cost by the input of the convolution, from dy, the gradient by its
// output:
//
//	dx[n,h,q,c] = sum over all (i,j,a,b,k) with i StrideH + a - PadH = h and j StrideW + b - PadW = q
//	              of dy[n,i,j,k] w[a,b,c,k]
//
// dx is overwritten and must not overlap dy or w.
func ConvBackwardData[T Float](s Conv, dy, w, dx []T) {
	dx, w, dy = convOperands(s, dx, w, dy)
	k := convFor[T]()
	switch {
	case len(dy) == 0 || len(w) == 0:
		clear(dx)
	case k == nil:
		convGenericData(s, dy, w, dx)
	case s.byWinograd(is32[T](), passData):
		winogradBackwardData(winogradSets[active], s, as32(dy), as32(w), as32(dx), winogradPool{})
	case s.isProduct(k, s.C):
		convBackwardDataProduct(s, dy, w, dx)
	default:
		convBackwardDataFast(k, s, dy, w, dx)
	}
}

// ConvBackwardWeights computes dw, the gradient of a cost by the filters, from the input x and dy, the gradient by the
// output:
//
//	dw[a,b,c,k] = sum over n, i, j of x[n, i StrideH + a - PadH, j StrideW + b - PadW, c] dy[n,i,j,k]
//
// dw is overwritten and must not overlap x or dy. The bias gradient is ColSum over the rows of dy.
func ConvBackwardWeights[T Float](s Conv, x, dy, dw []T) {
	x, dw, dy = convOperands(s, x, dw, dy)
	k := convFor[T]()
	switch {
	case len(dy) == 0 || len(dw) == 0:
		clear(dw)
	case k == nil:
		convGenericWeights(s, x, dy, dw)
	case s.byWinograd(is32[T](), passWeights):
		winogradBackwardWeights(winogradSets[active], s, as32(x), as32(dy), as32(dw), winogradPool{})
	default:
		convBackwardWeightsFast(k, s, x, dy, dw)
	}
}

// convOperands cuts the operands to their sizes. It panics where one is too short, so that assembly never leaves them.
func convOperands[T Float](s Conv, x, w, y []T) (image, filters, result []T) {
	oh, ow := s.Out()
	return x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K], y[:s.N*oh*ow*s.K]
}
