package conv

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// TestConvByHand pins the direction of the filter, the order of the axes and the side on which the padding lies.
func TestConvByHand(t *testing.T) {
	s := direct.Shape{N: 1, H: 2, W: 3, C: 1, K: 2, KH: 2, KW: 2, StrideH: 1, StrideW: 2, PadW: 1}
	x := []float64{1, 2, 3, 4, 5, 6}
	w := []float64{1, -1, 2, 0, 3, 1, 5, 2} // (row, column, output channel)
	y := make([]float64, 4)
	Forward(s, x, w, y, gemm.Epilogue[float64]{Bias: []float64{-25, 1}, ReLU: true})
	// left window  [0 1; 0 4]: 2*1 + 5*4 = 22 and 0*1 + 2*4 = 8
	// right window [2 3; 5 6]: 2 + 6 + 15 + 30 = 53 and -2 + 0 + 5 + 12 = 15
	wantSlice(t, "y", y, []float64{0, 9, 28, 16})

	dy := []float64{1, 10, 2, 100}
	dx := make([]float64, 6)
	BackwardData(s, dy, w, dx)
	wantSlice(t, "dx", dx, []float64{2, 2 - 100, 4, 5 + 20, 6 + 100, 10 + 200})

	dw := make([]float64, 8)
	BackwardWeights(s, x, dy, dw)
	wantSlice(t, "dw", dw, []float64{4, 200, 1 + 6, 10 + 300, 10, 500, 4 + 12, 40 + 600})
}

func wantSlice(t *testing.T, name string, got, want []float64) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s = %v, want %v", name, got, want)
			return
		}
	}
}
