package winograd

// The matrices of F(4x4, 3x3) with the points 0, 1, -1, 2, -2 and infinity (Lavin & Gray, Fast algorithms for
// convolutional neural networks, 2016):
//
//	Y = A' ((G w G') * (B' d B)) A
//
// with * element by element, d of 6 by 6 cells, w of 3 by 3 and Y of 4 by 4. The gradients are the adjoints:
// dd = B (...) B' is a convolution too and dw = G' ((B' d B) * (A dY A')) G.
var (
	bt = [][]float32{
		{4, 0, -5, 0, 1, 0},
		{0, -4, -4, 1, 1, 0},
		{0, 4, -4, -1, 1, 0},
		{0, -2, -1, 2, 1, 0},
		{0, 2, -1, -2, 1, 0},
		{0, 4, 0, -5, 0, 1},
	}
	at = [][]float32{
		{1, 1, 1, 1, 1, 0},
		{0, 1, -1, 2, -2, 0},
		{0, 1, 1, 4, 4, 0},
		{0, 1, -1, 8, -8, 1},
	}
	winogradG = [][]float32{
		{1. / 4, 0, 0},
		{-1. / 6, -1. / 6, -1. / 6},
		{-1. / 6, 1. / 6, -1. / 6},
		{1. / 24, 1. / 12, 1. / 6},
		{1. / 24, -1. / 12, 1. / 6},
		{0, 0, 1},
	}
	winogradA = transposed(at)
	gt        = transposed(winogradG)
)

// The matrices of F(3x3, 3x3) with the points 0, 1, -1, 2 and infinity, scaled so that G is the same but for the row of
// the point that it doesn't have, which is zero here.
var (
	narrowBt = [][]float32{
		{4, -2, -4, 2, 0},
		{0, -6, -3, 3, 0},
		{0, 2, -3, 1, 0},
		{0, -4, 0, 4, 0},
		{0, 0, 0, 0, 0},
		{0, 2, -1, -2, 1},
	}
	narrowAt = [][]float32{
		{1, 1, 1, 1, 0, 0},
		{0, 1, -1, 2, 0, 0},
		{0, 1, 1, 4, 0, 1},
	}
	narrowA = transposed(narrowAt)
)

func transposed(m [][]float32) [][]float32 {
	t := make([][]float32, len(m[0]))
	for j := range t {
		for i := range m {
			t[j] = append(t[j], m[i][j])
		}
	}
	return t
}
