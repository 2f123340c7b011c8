package winograd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// shapes are random convolutions by 3 by 3 filters, and some that earn a place.
func shapes(r *rand.Rand, n int) []direct.Shape {
	shapes := []direct.Shape{
		convtest.Square(1, 1, 1, 1, 3, 1, 1),
		convtest.Square(1, 3, 1, 1, 3, 1, 0),
		convtest.Square(3, 4, 64, 64, 3, 1, 1),
		convtest.Square(2, 8, 33, 70, 3, 1, 1),
		convtest.Square(1, 5, 300, 30, 3, 1, 1),   // more channels than are multiplied at once
		convtest.Square(40, 13, 17, 19, 3, 1, 1),  // more tiles than are transformed at once
		convtest.Square(1, 6, 8, 300, 3, 1, 4),    // outputs that see padding alone
		convtest.Square(150, 4, 20, 200, 3, 1, 1), // few tiles, but more than meet a panel at once
		convtest.Square(40, 7, 10, 150, 3, 1, 1),  // the same with tiles of all kinds
		convtest.Square(9, 15, 20, 40, 3, 1, 1),
		convtest.Square(60, 3, 30, 30, 3, 1, 1), // narrow tiles alone
		convtest.Square(1, 45, 5, 6, 3, 1, 1),   // too many tiles to be of several kinds
		{N: 2, H: 1, W: 30, C: 5, K: 6, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 0},
	}
	for range n {
		s := direct.Shape{
			N: 1 + r.IntN(4), H: 1 + r.IntN(14), W: 1 + r.IntN(14), C: 1 + r.IntN(70), K: 1 + r.IntN(70),
			KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: r.IntN(4), PadW: r.IntN(4),
		}
		if oh, ow := s.Out(); oh > 0 && ow > 0 {
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// winograd computes the passes by Winograd's method, whatever the shape is.
func winograd(c *convtest.Case[float32]) {
	Forward(c.S, c.X, c.W, c.Y.Slice(), c.E, Pool{})
	BackwardData(c.S, c.Dy, c.W, c.Dx.Slice(), Pool{})
	BackwardWeights(c.S, c.X, c.Dy, c.Dw.Slice(), Pool{})
}

func TestWinogradAgainstDefinition(t *testing.T) {
	count := 60
	if testing.Short() {
		count = 15
	}
	var definitions kerneltest.Memo[[3][]float64]
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for i, s := range append(shapes(r, count), convtest.ChannelShapes()...) {
			c := convtest.NewCase[float32](r, s, i%kerneltest.Alignments[float32]())
			if !Fast() && i > 12 && i%4 != 0 {
				continue // a vector has four elements, where those of the others have up to 16
			}
			c.Run(t, func() { winograd(c) })
			products := c.Products()
			definition := definitions.At(i, func() [3][]float64 { return convtest.Definition[float32, float64](c) })
			for i, want := range definition {
				name := fmt.Sprintf("%+v bias %t relu %t: %s", s, c.E.Bias != nil, c.E.ReLU, convtest.PassNames[i])
				closeOnAverage(t, name, c.Results()[i].Slice(), want, products[i])
			}
		}
	})
}

// closeOnAverage wants a root mean square error of 1e-5 relative to that of sums of n products of standard normal
// numbers, and no error of more than ten times that.
func closeOnAverage(t *testing.T, name string, got []float32, want []float64, n int) {
	t.Helper()
	var sum float64
	scale := math.Sqrt(float64(n))
	for i, v := range got {
		d := math.Abs(float64(v)-want[i]) / scale
		if !(d <= 1e-4) {
			t.Fatalf("%s: [%d] = %g, want %g", name, i, v, want[i])
		}
		sum += d * d
	}
	if rms := math.Sqrt(sum / float64(len(got))); rms > 1e-5 {
		t.Errorf("%s: error %g on average", name, rms)
	}
}

func TestWinogradThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		counts := []int{1, 2, 3, 8}
		if !Fast() {
			counts = []int{1, 8}
		}
		r := rand.New(rand.NewPCG(5, 6))
		for i, s := range shapes(r, 8) {
			if !Fast() && i%3 != 0 {
				continue // the tasks are the same in all sets
			}
			c := convtest.NewCase[float32](r, s, 0)
			c.OnThreads(t, counts, func() { winograd(c) })
		}
	})
}

func TestWinogradAllocatesNothing(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, s := range []direct.Shape{convtest.Square(3, 4, 20, 70, 3, 1, 1), convtest.Square(30, 12, 9, 17, 3, 1, 1)} {
			c := convtest.NewCase[float32](r, s, 0)
			c.AllocatesNothing(t, func() { winograd(c) })
		}
	})
}

// TestWinogradKeepsNaN wants a NaN in the input in every output that it reaches, past the ReLU.
func TestWinogradKeepsNaN(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		s := convtest.Square(1, 5, 3, 20, 3, 1, 1)
		nx, nw, ny := convtest.Sizes(s)
		x, w, y := make([]float32, nx), make([]float32, nw), make([]float32, ny)
		x[(2*5+2)*3+1] = float32(math.NaN())
		Forward(s, x, w, y, gemm.Epilogue[float32]{ReLU: true}, Pool{})
		for i := 1; i <= 3; i++ {
			for k := range s.K {
				if v := y[(i*5+2)*s.K+k]; v == v {
					t.Fatalf("row %d channel %d is %g", i, k, v)
				}
			}
		}
	})
}
