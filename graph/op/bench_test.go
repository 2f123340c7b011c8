package op

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BenchmarkGradient is the loss and gradient of the golden networks, without a solver's step.
func BenchmarkGradient(b *testing.B) {
	for _, m := range []goldenModel{
		{Name: "mlp", Shape: []int{784}, Params: shapes([]int{784, 512}, []int{512}, []int{512, 512}, []int{512}, []int{512, 10}, []int{10})},
		{Name: "lenet", Shape: []int{28, 28, 1}, Params: shapes([]int{5, 5, 1, 20}, []int{20}, []int{5, 5, 20, 50}, []int{50},
			[]int{800, 500}, []int{500}, []int{500, 10}, []int{10})},
	} {
		b.Run(m.Name, func(b *testing.B) {
			m.Batch = 128
			n := m.network(b, tensor.Float32, false)
			p, err := graph.Compile(n.cost, graph.Params(n.params...))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.RunAll(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func shapes(s ...[]int) (p []goldenParam) {
	for _, shape := range s {
		p = append(p, goldenParam{Shape: slices.Clone(shape), Scale: 1. / 16})
	}
	return p
}

// BenchmarkOverhead is what an operation costs beside its kernel.
func BenchmarkOverhead(b *testing.B) {
	g := gorgonia.NewGraph()
	v := filled(tensor.Float32, 1, 1, 0, 1, 1)
	n, err := Add(gorgonia.NodeFromAny(g, v, gorgonia.WithName("a")), gorgonia.NodeFromAny(g, v, gorgonia.WithName("b")))
	if err != nil {
		b.Fatal(err)
	}
	o := n.Op().(*operation)
	out := filled(tensor.Float32, 1, 1, 0, 1, 1)
	in := []gorgonia.Value{v, v}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := o.UsePreallocDo(out, in...); err != nil {
			b.Fatal(err)
		}
	}
}
