package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pool"
)

func BenchmarkConv(b *testing.B) {
	for _, l := range convtest.Layers {
		b.Run(l.Name, func(b *testing.B) {
			b.Run("float32", func(b *testing.B) { benchmarkConv[float32](b, l.S) })
			b.Run("float64", func(b *testing.B) { benchmarkConv[float64](b, l.S) })
		})
	}
}

func benchmarkConv[T kernel.Float](b *testing.B, s direct.Shape) {
	r := rand.New(rand.NewPCG(1, 2))
	nx, nw, ny := convtest.Sizes(s)
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
	for _, l := range convtest.Layers {
		if l.Pooled {
			b.Run(l.Name, func(b *testing.B) { benchmarkConvPool(b, l.S) })
		}
	}
}

func benchmarkConvPool(b *testing.B, s direct.Shape) {
	r := rand.New(rand.NewPCG(1, 2))
	c := convtest.NewPoolCase[float32](r, s, convtest.Pools[0])
	full, dx, dw := make([]float32, c.Ny), make([]float32, c.Nx), make([]float32, c.Nw)
	e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: true}
	forward := func() { PoolForward(s, c.P, c.X, c.W, c.Z, c.Arg, e) }
	forward()
	dz := kerneltest.Normals[float32](r, len(c.Z))
	for _, way := range []struct {
		name string
		run  func()
	}{
		{"forward/one", forward},
		{"forward/two", func() { Forward(s, c.X, c.W, full, e); pool.Max(c.P, full, c.Z, c.Arg) }},
		{"backward/one", func() {
			PoolBackwardData(s, c.P, dz, c.Arg, c.W, dx)
			PoolBackwardWeights(s, c.P, c.X, dz, c.Arg, dw)
		}},
		{"backward/two", func() {
			pool.MaxGrad(c.P, dz, c.Arg, full)
			BackwardData(s, full, c.W, dx)
			BackwardWeights(s, c.X, full, dw)
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
