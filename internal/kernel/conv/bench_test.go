package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

func BenchmarkConv(b *testing.B) {
	for _, l := range layers {
		b.Run(l.name, func(b *testing.B) {
			b.Run("float32", func(b *testing.B) { benchmarkConv[float32](b, l.s) })
			b.Run("float64", func(b *testing.B) { benchmarkConv[float64](b, l.s) })
		})
	}
}

func benchmarkConv[T kernel.Float](b *testing.B, s Shape) {
	r := rand.New(rand.NewPCG(1, 2))
	nx, nw, ny := sizes(s)
	x, w, y := kerneltest.Normals[T](r, nx), kerneltest.Normals[T](r, nw), kerneltest.Normals[T](r, ny)
	dx, dw := make([]T, nx), make([]T, nw)
	e := gemm.Epilogue[T]{Bias: kerneltest.Normals[T](r, s.K), ReLU: true}
	flop := 2 * float64(ny) * float64(nw/s.K)
	for _, p := range []struct {
		name string
		run  func()
	}{
		{"forward", func() { Forward(s, x, w, y, e) }},
		{"data", func() { BackwardData(s, y, w, dx) }},
		{"weights", func() { BackwardWeights(s, x, y, dw) }},
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
	for _, l := range layers {
		if l.pooled {
			b.Run(l.name, func(b *testing.B) { benchmarkConvPool(b, l.s) })
		}
	}
}

func benchmarkConvPool(b *testing.B, s Shape) {
	r := rand.New(rand.NewPCG(1, 2))
	c := newConvPoolCase[float32](r, s, testPools[0])
	full, dx, dw := make([]float32, c.ny), make([]float32, c.nx), make([]float32, c.nw)
	e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: true}
	forward := func() { PoolForward(s, c.p, c.x, c.w, c.z, c.arg, e) }
	forward()
	dz := kerneltest.Normals[float32](r, len(c.z))
	for _, way := range []struct {
		name string
		run  func()
	}{
		{"forward/one", forward},
		{"forward/two", func() { Forward(s, c.x, c.w, full, e); pool.Max(c.p, full, c.z, c.arg) }},
		{"backward/one", func() {
			PoolBackwardData(s, c.p, dz, c.arg, c.w, dx)
			PoolBackwardWeights(s, c.p, c.x, dz, c.arg, dw)
		}},
		{"backward/two", func() {
			pool.MaxGrad(c.p, dz, c.arg, full)
			BackwardData(s, full, c.w, dx)
			BackwardWeights(s, c.x, full, dw)
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
