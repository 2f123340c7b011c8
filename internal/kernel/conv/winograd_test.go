package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// winogradShapes are random convolutions by 3 by 3 filters, and some that earn a place.
func winogradShapes(r *rand.Rand, n int) []Shape {
	shapes := []Shape{
		square(1, 1, 1, 1, 3, 1, 1),
		square(1, 3, 1, 1, 3, 1, 0),
		square(3, 4, 64, 64, 3, 1, 1),
		square(2, 8, 33, 70, 3, 1, 1),
		square(1, 5, 300, 30, 3, 1, 1),   // more channels than are multiplied at once
		square(40, 13, 17, 19, 3, 1, 1),  // more tiles than are transformed at once
		square(1, 6, 8, 300, 3, 1, 4),    // outputs that see padding alone
		square(150, 4, 20, 200, 3, 1, 1), // few tiles, but more than meet a panel at once
		square(40, 7, 10, 150, 3, 1, 1),  // the same with tiles of all kinds
		square(9, 15, 20, 40, 3, 1, 1),
		square(60, 3, 30, 30, 3, 1, 1), // narrow tiles alone
		square(1, 45, 5, 6, 3, 1, 1),   // too many tiles to be of several kinds
		{N: 2, H: 1, W: 30, C: 5, K: 6, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 0},
	}
	for range n {
		s := Shape{
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
func winograd(c *convCase[float32]) {
	winogradForward(c.s, c.x, c.w, c.y.Slice(), c.e, winogradPool{})
	winogradBackwardData(c.s, c.dy, c.w, c.dx.Slice(), winogradPool{})
	winogradBackwardWeights(c.s, c.x, c.dy, c.dw.Slice(), winogradPool{})
}

func TestWinogradAgainstDefinition(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		count := 60
		if testing.Short() {
			count = 15
		}
		for i, s := range append(winogradShapes(r, count), channelShapes()...) {
			c := newConvCase[float32](r, s, i%kerneltest.Alignments[float32]())
			c.run(t, func() { winograd(c) })
			products := c.products()
			for i, want := range definition[float32, float64](c) {
				name := fmt.Sprintf("%+v bias %t relu %t: %s", s, c.e.Bias != nil, c.e.ReLU, passNames[i])
				closeOnAverage(t, name, c.results()[i].Slice(), want, products[i])
			}
		}
	})
}

// closeOnAverage wants a root mean square error of 1e-5 relative to that of sums of n products of standard normal numbers, and
// no error of more than ten times that.
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
	kerneltest.ForEachSet(t, func(t *testing.T) {
		counts := []int{1, 2, 3, 8}
		if !winogradInUse().fast && testing.Short() {
			counts = []int{1, 8}
		}
		r := rand.New(rand.NewPCG(5, 6))
		for _, s := range winogradShapes(r, 8) {
			c := newConvCase[float32](r, s, 0)
			c.onThreads(t, counts, func() { winograd(c) })
		}
	})
}

func TestWinogradAllocatesNothing(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, s := range []Shape{square(3, 4, 20, 70, 3, 1, 1), square(30, 12, 9, 17, 3, 1, 1)} {
			c := newConvCase[float32](r, s, 0)
			c.allocatesNothing(t, func() { winograd(c) })
		}
	})
}

// TestWinogradKeepsNaN wants a NaN in the input in every output that it reaches, past the ReLU.
func TestWinogradKeepsNaN(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		s := square(1, 5, 3, 20, 3, 1, 1)
		nx, nw, ny := sizes(s)
		x, w, y := make([]float32, nx), make([]float32, nw), make([]float32, ny)
		x[(2*5+2)*3+1] = float32(math.NaN())
		winogradForward(s, x, w, y, gemm.Epilogue[float32]{ReLU: true}, winogradPool{})
		for i := 1; i <= 3; i++ {
			for k := range s.K {
				if v := y[(i*5+2)*s.K+k]; v == v {
					t.Fatalf("row %d channel %d is %g", i, k, v)
				}
			}
		}
	})
}

// TestWinogradPool pools by more than one strip of images and wants the bits of the two steps.
func TestWinogradPool(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, s := range []Shape{square(140, 8, 32, 32, 3, 1, 1), square(33, 4, 32, 32, 3, 1, 1)} {
			p := pool.Shape{N: s.N, H: s.H, W: s.W, C: s.K, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
			nx, nw, ny := sizes(s)
			x, w := kerneltest.Normals[float32](r, nx), kerneltest.Normals[float32](r, nw)
			e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: true}
			full, want, wantArg := make([]float32, ny), make([]float32, ny/4), make([]uint16, ny/4)
			Forward(s, x, w, full, e)
			pool.Max(p, full, want, wantArg)
			y, arg := make([]float32, ny/4), make([]uint16, ny/4)
			PoolForward(s, p, x, w, y, arg, e)
			if !slices.Equal(y, want) || !slices.Equal(arg, wantArg) {
				t.Errorf("%+v: differs from convolution and pool", s)
			}
		}
	})
}
