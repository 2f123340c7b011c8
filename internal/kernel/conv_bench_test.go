package kernel

import (
	"math/rand/v2"
	"testing"
)

func square(n, h, c, k, f, stride, pad int) Conv {
	return Conv{N: n, H: h, W: h, C: c, K: k, KH: f, KW: f, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
}

var convLayers = []struct {
	name string
	s    Conv
}{
	{"lenet-conv1", square(128, 28, 1, 20, 5, 1, 0)},
	{"lenet-conv2", square(128, 12, 20, 50, 5, 1, 0)},
	{"lenet32-conv1", square(32, 28, 1, 20, 5, 1, 0)},
	{"lenet32-conv2", square(32, 12, 20, 50, 5, 1, 0)},
	{"resnet9-1", square(128, 32, 3, 64, 3, 1, 1)},
	{"resnet9-2", square(128, 32, 64, 128, 3, 1, 1)},
	{"resnet9-3", square(128, 16, 128, 128, 3, 1, 1)},
	{"resnet9-5", square(128, 16, 128, 256, 3, 1, 1)},
	{"resnet9-6", square(128, 8, 256, 512, 3, 1, 1)},
	{"resnet9-7", square(128, 4, 512, 512, 3, 1, 1)},
	{"down3x3", square(32, 28, 64, 128, 3, 2, 1)},
	{"point1x1", square(32, 28, 64, 128, 1, 1, 0)},
	{"single", square(1, 28, 64, 64, 3, 1, 1)},
	{"four", square(4, 28, 64, 64, 3, 1, 1)},
	{"fast-whiten", square(512, 32, 3, 24, 2, 1, 0)},
	{"fast-1", square(512, 31, 24, 64, 3, 1, 1)},
	{"fast-2", square(512, 15, 64, 64, 3, 1, 1)},
	{"fast-3", square(512, 15, 64, 256, 3, 1, 1)},
	{"fast-4", square(512, 7, 256, 256, 3, 1, 1)},
	{"fast-5", square(512, 3, 256, 256, 3, 1, 1)},
	{"resnet20-1", square(128, 32, 3, 16, 3, 1, 1)},
	{"resnet20-2", square(128, 32, 16, 16, 3, 1, 1)},
	{"resnet20-3", square(128, 32, 16, 32, 3, 2, 1)},
	{"resnet20-4", square(128, 16, 32, 32, 3, 1, 1)},
	{"resnet20-5", square(128, 16, 32, 64, 3, 2, 1)},
	{"resnet20-6", square(128, 8, 64, 64, 3, 1, 1)},
	{"resnet20-7", square(128, 32, 16, 32, 1, 2, 0)},
	{"resnet20-8", square(128, 16, 32, 64, 1, 2, 0)},
}

func BenchmarkConv(b *testing.B) {
	for _, l := range convLayers {
		b.Run(l.name, func(b *testing.B) {
			b.Run("float32", func(b *testing.B) { benchmarkConv[float32](b, l.s) })
			b.Run("float64", func(b *testing.B) { benchmarkConv[float64](b, l.s) })
		})
	}
}

func benchmarkConv[T Float](b *testing.B, s Conv) {
	r := rand.New(rand.NewPCG(1, 2))
	nx, nw, ny := convSizes(s)
	x, w, y := randomSlice[T](r, nx), randomSlice[T](r, nw), randomSlice[T](r, ny)
	dx, dw := make([]T, nx), make([]T, nw)
	e := Epilogue[T]{Bias: randomSlice[T](r, s.K), ReLU: true}
	flop := 2 * float64(ny) * float64(nw/s.K)
	for _, p := range []struct {
		name string
		run  func()
	}{
		{"forward", func() { ConvForward(s, x, w, y, e) }},
		{"data", func() { ConvBackwardData(s, y, w, dx) }},
		{"weights", func() { ConvBackwardWeights(s, x, y, dw) }},
	} {
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			p.run()
			for b.Loop() {
				p.run()
			}
			b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// BenchmarkConvPool times the layers that LeNet pools, in one step and in two.
func BenchmarkConvPool(b *testing.B) {
	for _, l := range convLayers[:4] {
		s := l.s
		r := rand.New(rand.NewPCG(1, 2))
		nx, nw, nz := convSizes(s)
		p := Pool{N: s.N, C: s.K, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
		p.H, p.W = s.Out()
		x, w, z := randomSlice[float32](r, nx), randomSlice[float32](r, nw), make([]float32, nz)
		y, arg := make([]float32, nz/4), make([]uint16, nz/4)
		e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
		flop := 2 * float64(nz) * float64(nw/s.K)
		for _, way := range []struct {
			name string
			run  func()
		}{
			{"one", func() { ConvPoolForward(s, p, x, w, y, arg, e) }},
			{"two", func() { ConvForward(s, x, w, z, e); MaxPool(p, z, y, arg) }},
		} {
			b.Run(l.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				way.run()
				for b.Loop() {
					way.run()
				}
				b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
