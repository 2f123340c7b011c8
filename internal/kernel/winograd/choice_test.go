package winograd

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestWinogradChoice checks where the method is used at all, and that the options and types that forbid it do.
func TestWinogradChoice(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		fast := Fast()
		strided, long := convtest.Square(32, 16, 64, 64, 3, 2, 1), convtest.Square(32, 16, 64, 64, 5, 1, 2)
		forbidden := convtest.Square(32, 16, 64, 64, 3, 1, 1)
		forbidden.Direct = true
		for _, c := range []struct {
			s    direct.Shape
			want bool
		}{
			{convtest.Square(128, 32, 64, 128, 3, 1, 1), fast},
			{convtest.Square(128, 8, 256, 512, 3, 1, 1), fast},
			{convtest.Square(32, 4, 512, 512, 3, 1, 1), fast},
			{convtest.Square(1, 28, 64, 64, 3, 1, 1), fast},
			// transforms of three channels cost as much as those of a vector
			{convtest.Square(128, 32, 3, 64, 3, 1, 1), false},
			{convtest.Square(1, 4, 512, 512, 3, 1, 1), false}, // the transform of the filters serves one tile alone
			// more than half of a tile is empty, and of the filter on the padding
			{convtest.Square(128, 2, 64, 64, 3, 1, 1), false},
			{convtest.Square(512, 3, 256, 256, 3, 1, 1), fast},
			{strided, false},
			{long, false},
			{forbidden, false},
		} {
			for pass := direct.PassForward; pass <= direct.PassWeights; pass++ {
				if got := Pays(c.s, true, pass); got != c.want {
					t.Errorf("%+v, pass %d: by the method = %t", c.s, pass, got)
				}
				if Pays(c.s, false, pass) {
					t.Errorf("%+v, pass %d: by the method in float64", c.s, pass)
				}
			}
		}
	})
}
