package convtest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
)

func Sizes(s direct.Shape) (x, w, y int) {
	oh, ow := s.Out()
	return s.N * s.H * s.W * s.C, s.KH * s.KW * s.C * s.K, s.N * oh * ow * s.K
}

// Shapes are random Shapes and some that earn a place.
func Shapes(r *rand.Rand, n int) []direct.Shape {
	shapes := []direct.Shape{
		{N: 1, H: 1, W: 1, C: 1, K: 1, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
		// most outputs see padding alone
		{N: 1, H: 1, W: 1, C: 3, K: 2, KH: 1, KW: 1, StrideH: 2, StrideW: 3, PadH: 3, PadW: 3},
		// some inputs reach no output
		{N: 2, H: 2, W: 9, C: 5, K: 3, KH: 1, KW: 2, StrideH: 3, StrideW: 3},
		// one image more than lanes
		{N: 33, H: 3, W: 4, C: 2, K: 29, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1},
		{N: 2, H: 5, W: 1, C: 40, K: 17, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 2},
		// whole panels in a filter cell
		{N: 17, H: 6, W: 6, C: 64, K: 33, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1},
		// rows longer than a block
		{N: 3, H: 6, W: 150, C: 1, K: 20, KH: 5, KW: 5, StrideH: 1, StrideW: 1},
		{N: 3, H: 4, W: 5, C: 16, K: 32, KH: 1, KW: 1, StrideH: 1, StrideW: 1}, // matrix products
		{N: 18, H: 3, W: 3, C: 33, K: 15, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
		{N: 2, H: 4, W: 7, C: 150, K: 10, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
	}
	for range n {
		shapes = append(shapes, randomConv(r))
	}
	return shapes
}

func randomConv(r *rand.Rand) direct.Shape {
	for {
		s := direct.Shape{
			N: 1 + r.IntN(5), H: 1 + r.IntN(13), W: 1 + r.IntN(13), C: 1 + r.IntN(40), K: 1 + r.IntN(40),
			KH: 1 + r.IntN(7), KW: 1 + r.IntN(7), StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), PadH: r.IntN(4), PadW: r.IntN(4),
		}
		switch r.IntN(6) {
		case 0, 1: // images as lanes
			s.N += 3 + r.IntN(60)
			s.C, s.K = 1+s.C/4, 1+s.K/2
		case 2:
			s.C = 1
		case 3:
			s.K = 1
		}
		if oh, ow := s.Out(); oh > 0 && ow > 0 {
			return s
		}
	}
}

// Close compares sums of n products of standard normal numbers.
func Close[T kernel.Float](t *testing.T, name string, got, want []T, n int) {
	t.Helper()
	eps := 0x1p-52
	if kernel.Is32[T]() {
		eps = 0x1p-23
	}
	tol := 4 * eps * float64(n+8)
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= tol) {
			t.Fatalf("%s: [%d] = %g, want %g, off by %g > %g", name, i, got[i], want[i], d, tol)
		}
	}
}
