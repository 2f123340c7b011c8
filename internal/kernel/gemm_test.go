package kernel

import "testing"

func TestGemmSmall(t *testing.T) {
	a, b, c := []float32{1, 2, 3, 4}, []float32{5, 6, 7, 8}, []float32{1, 1, 1, 1}
	Gemm(false, false, 2, 2, 2, 1, a, 2, b, 2, 1, c, 2)
	if want := [4]float32{20, 23, 44, 51}; [4]float32(c) != want {
		t.Errorf("got %v, want %v", c, want)
	}
}
