package op

import (
	"math"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestDirect wants a convolution and its gradients that are forbidden Winograd's method to keep a NaN to the pixels
// whose sums have it, where that method would spoil its whole tile.
func TestDirect(t *testing.T) {
	const images, size, channels = 4, 8, 64
	cfg := Conv2DConfig{StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Direct: true}
	g, must := gorgonia.NewGraph(), must(t)
	input := func(name string, shape ...int) *gorgonia.Node {
		return gorgonia.NodeFromAny(g, filled(tensor.Float32, len(name), 1, 0, shape...), gorgonia.WithName(name))
	}
	x := input("x", images, size, size, channels)
	w := input("weights", 3, 3, channels, channels)
	weigh := input("output", images, size, size, channels)
	y := must(Conv2D(x, w, nil, cfg))
	cost := must(gorgonia.Sum(must(gorgonia.HadamardProd(y, weigh))))
	p, err := graph.Compile(cost, graph.Params(x, w), graph.Outputs(y))
	if err != nil {
		t.Fatal(err)
	}
	// The NaN lies in the middle of a tile of 4 by 4, so that the pixels two from it are in the tile and out of its
	// reach.
	at := func(i, j int) int { return (i*size + j) * channels }
	for _, c := range []struct {
		name string
		in   *gorgonia.Node
		out  func() (gorgonia.Value, error)
	}{
		{"forward", x, func() (gorgonia.Value, error) { return y.Value(), nil }},
		{"data gradient", weigh, x.Grad},
	} {
		in := c.in.Value().Data().([]float32)
		kept := in[at(5, 5)]
		in[at(5, 5)] = float32(math.NaN())
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		in[at(5, 5)] = kept
		v, err := c.out()
		if err != nil {
			t.Fatal(err)
		}
		out := v.Data().([]float32)
		for i := range size {
			for j := range size {
				reached := max(i-5, 5-i) <= 1 && max(j-5, 5-j) <= 1
				if v := out[at(i, j)]; (v != v) != reached {
					t.Errorf("%s: pixel (%d, %d) is %g with a NaN at (5, 5)", c.name, i, j, v)
				}
			}
		}
	}
}
