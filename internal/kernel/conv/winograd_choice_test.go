package conv

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestWinogradChoice checks where the method is used at all, and that the options and types that forbid it do.
func TestWinogradChoice(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		fast := winogradInUse().fast
		strided, long := square(32, 16, 64, 64, 3, 2, 1), square(32, 16, 64, 64, 5, 1, 2)
		forbidden := square(32, 16, 64, 64, 3, 1, 1)
		forbidden.Direct = true
		for _, c := range []struct {
			s    Shape
			want bool
		}{
			{square(128, 32, 64, 128, 3, 1, 1), fast},
			{square(128, 8, 256, 512, 3, 1, 1), fast},
			{square(32, 4, 512, 512, 3, 1, 1), fast},
			{square(1, 28, 64, 64, 3, 1, 1), fast},
			{square(128, 32, 3, 64, 3, 1, 1), false}, // transforms of three channels cost as much as those of a vector
			{square(1, 4, 512, 512, 3, 1, 1), false}, // the transform of the filters serves one tile alone
			{square(128, 2, 64, 64, 3, 1, 1), false}, // more than half of a tile is empty, and of the filter on the padding
			{square(512, 3, 256, 256, 3, 1, 1), fast},
			{strided, false},
			{long, false},
			{forbidden, false},
		} {
			for pass := passForward; pass <= passWeights; pass++ {
				if got := winogradPaysFor(c.s, true, pass); got != c.want {
					t.Errorf("%+v, pass %d: by the method = %t", c.s, pass, got)
				}
				if winogradPaysFor(c.s, false, pass) {
					t.Errorf("%+v, pass %d: by the method in float64", c.s, pass)
				}
			}
		}
	})
}

// TestWinogradIsUsed wants the bits of the method from the functions that choose it, and others where it is forbidden.
func TestWinogradIsUsed(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		if !winogradInUse().fast {
			t.Skip("the generic set never chooses the method")
		}
		c := newConvCase[float32](rand.New(rand.NewPCG(11, 12)), square(3, 16, 64, 48, 3, 1, 1), 0)
		c.run(t, func() { winograd(c) })
		var want [3][]float32
		for i, f := range c.results() {
			want[i] = slices.Clone(f.Slice())
		}
		for _, c.s.Direct = range []bool{false, true} {
			c.run(t, c.passes)
			for i, f := range c.results() {
				if slices.Equal(f.Slice(), want[i]) == c.s.Direct {
					t.Errorf("Direct %t: %s by Winograd's method: %t", c.s.Direct, passNames[i], !c.s.Direct)
				}
			}
		}
	})
}
