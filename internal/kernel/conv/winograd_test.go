package conv

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// byWinograd computes the passes by Winograd's method, whatever the shape is.
func byWinograd(c *convtest.Case[float32]) {
	winograd.Forward(c.S, c.X, c.W, c.Y.Slice(), c.E, winograd.Pool{})
	winograd.BackwardData(c.S, c.Dy, c.W, c.Dx.Slice(), winograd.Pool{})
	winograd.BackwardWeights(c.S, c.X, c.Dy, c.Dw.Slice(), winograd.Pool{})
}

// TestWinogradIsUsed wants the bits of the method from the functions that choose it, and others where it is forbidden.
func TestWinogradIsUsed(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		if !winograd.Fast() {
			t.Skip("the generic set never chooses the method")
		}
		c := convtest.NewCase[float32](rand.New(rand.NewPCG(11, 12)), convtest.Square(3, 16, 64, 48, 3, 1, 1), 0)
		c.Run(t, func() { byWinograd(c) })
		var want [3][]float32
		for i, f := range c.Results() {
			want[i] = slices.Clone(f.Slice())
		}
		for _, c.S.Direct = range []bool{false, true} {
			c.Run(t, func() { passes(c) })
			for i, f := range c.Results() {
				if slices.Equal(f.Slice(), want[i]) == c.S.Direct {
					t.Errorf("Direct %t: %s by Winograd's method: %t", c.S.Direct, convtest.PassNames[i], !c.S.Direct)
				}
			}
		}
	})
}

// TestWinogradPool pools by more than one strip of images and wants the bits of the two steps.
func TestWinogradPool(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, s := range []direct.Shape{convtest.Square(140, 8, 32, 32, 3, 1, 1), convtest.Square(33, 4, 32, 32, 3, 1, 1)} {
			p := pool.Shape{N: s.N, H: s.H, W: s.W, C: s.K, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
			nx, nw, ny := convtest.Sizes(s)
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
