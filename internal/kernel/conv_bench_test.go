package kernel

import (
	"math/rand/v2"
	"testing"
)

func square(n, h, c, k, f, stride, pad int) Conv {
	return Conv{N: n, H: h, W: h, C: c, K: k, KH: f, KW: f, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
}

var convLayers = []struct {
	name   string
	s      Conv
	pooled bool // two rows and columns at a time
}{
	{"lenet-conv1", square(128, 28, 1, 20, 5, 1, 0), true},
	{"lenet-conv2", square(128, 12, 20, 50, 5, 1, 0), true},
	{"lenet32-conv1", square(32, 28, 1, 20, 5, 1, 0), true},
	{"lenet32-conv2", square(32, 12, 20, 50, 5, 1, 0), true},
	{"resnet9-1", square(128, 32, 3, 64, 3, 1, 1), false},
	{"resnet9-2", square(128, 32, 64, 128, 3, 1, 1), false},
	{"resnet9-3", square(128, 16, 128, 128, 3, 1, 1), false},
	{"resnet9-5", square(128, 16, 128, 256, 3, 1, 1), false},
	{"resnet9-6", square(128, 8, 256, 512, 3, 1, 1), false},
	{"resnet9-7", square(128, 4, 512, 512, 3, 1, 1), false},
	{"down3x3", square(32, 28, 64, 128, 3, 2, 1), false},
	{"point1x1", square(32, 28, 64, 128, 1, 1, 0), false},
	{"single", square(1, 28, 64, 64, 3, 1, 1), false},
	{"four", square(4, 28, 64, 64, 3, 1, 1), false},
	{"fast-whiten", square(512, 32, 3, 24, 2, 1, 0), false},
	{"fast-1", square(512, 31, 24, 64, 3, 1, 1), true},
	{"fast-2", square(512, 15, 64, 64, 3, 1, 1), false},
	{"fast-3", square(512, 15, 64, 256, 3, 1, 1), true},
	{"fast-4", square(512, 7, 256, 256, 3, 1, 1), true},
	{"fast-5", square(512, 3, 256, 256, 3, 1, 1), false},
	{"resnet20-1", square(128, 32, 3, 16, 3, 1, 1), false},
	{"resnet20-2", square(128, 32, 16, 16, 3, 1, 1), false},
	{"resnet20-3", square(128, 32, 16, 32, 3, 2, 1), false},
	{"resnet20-4", square(128, 16, 32, 32, 3, 1, 1), false},
	{"resnet20-5", square(128, 16, 32, 64, 3, 2, 1), false},
	{"resnet20-6", square(128, 8, 64, 64, 3, 1, 1), false},
	{"resnet20-7", square(128, 32, 16, 32, 1, 2, 0), false},
	{"resnet20-8", square(128, 16, 32, 64, 1, 2, 0), false},
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

// BenchmarkConvPool times the layers that LeNet and the fast net pool, and their gradients, in one step and in two.
func BenchmarkConvPool(b *testing.B) {
	for _, l := range convLayers {
		if l.pooled {
			b.Run(l.name, func(b *testing.B) { benchmarkConvPool(b, l.s) })
		}
	}
}

func benchmarkConvPool(b *testing.B, s Conv) {
	r := rand.New(rand.NewPCG(1, 2))
	c := newConvPoolCase[float32](r, s, convPools[0])
	full, dx, dw := make([]float32, c.ny), make([]float32, c.nx), make([]float32, c.nw)
	e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
	forward := func() { ConvPoolForward(s, c.p, c.x, c.w, c.z, c.arg, e) }
	forward()
	dz := randomSlice[float32](r, len(c.z))
	for _, way := range []struct {
		name string
		run  func()
	}{
		{"forward/one", forward},
		{"forward/two", func() { ConvForward(s, c.x, c.w, full, e); MaxPool(c.p, full, c.z, c.arg) }},
		{"backward/one", func() {
			ConvPoolBackwardData(s, c.p, dz, c.arg, c.w, dx)
			ConvPoolBackwardWeights(s, c.p, c.x, dz, c.arg, dw)
		}},
		{"backward/two", func() {
			MaxPoolGrad(c.p, dz, c.arg, full)
			ConvBackwardData(s, full, c.w, dx)
			ConvBackwardWeights(s, c.x, full, dw)
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			way.run()
			for b.Loop() {
				way.run()
			}
		})
	}
}
