package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BenchmarkOverhead runs chains of ops that do next to nothing.
func BenchmarkOverhead(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := newRig(tensor.Float64, 1)
			h := r.feed("x")
			for range n {
				h = must(gorgonia.ApplyOp(affine{a: 1, b: 1, dims: 1}, h))
			}
			p, err := Compile(nil, Outputs(h))
			if err != nil {
				b.Fatal(err)
			}
			if err := p.RunAll(); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := p.RunAll(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/node")
		})
	}
}

// BenchmarkStock is one gradient of the mlp 784-512-512-10 of stock ops at batch 128.
func BenchmarkStock(b *testing.B) {
	r := newRig(tensor.Float32, 128)
	p := compiled(b, r, network(r, 784, 512, 512, 10))
	if err := p.RunAll(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := p.RunAll(); err != nil {
			b.Fatal(err)
		}
	}
}
