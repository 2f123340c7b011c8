package kernel_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/fallline/fallline/internal/kernel/step"
)

// benchSets runs f under each kernel set and for each type.
func benchSets(b *testing.B, f32, f64 func(b *testing.B)) {
	defer kernel.Use(kernel.Name())
	for _, name := range kernel.Available() {
		if err := kernel.Use(name); err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/float32", f32)
		b.Run(name+"/float64", f64)
	}
}

// bench times f, which moves that many elements of T to and from memory.
func bench[T kernel.Float](b *testing.B, name string, elements int, f func()) {
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(elements * kernel.SizeOf[T]()))
		b.ReportAllocs()
		for b.Loop() {
			f()
		}
	})
}

// BenchmarkPointwise runs on slices in memory and in the first-level cache. The bytes are those read and written.
func BenchmarkPointwise(b *testing.B) {
	benchSets(b, benchPointwise[float32], benchPointwise[float64])
}

func benchPointwise[T kernel.Float](b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{6_500_000, 2_048} {
		x, y, z := kerneltest.Normals[T](r, n), kerneltest.Normals[T](r, n), make([]T, n)
		size := fmt.Sprintf("/%d", n)
		bench[T](b, "copy"+size, 2*n, func() { copy(z, x) })
		bench[T](b, "Add"+size, 3*n, func() { pointwise.Add(x, y, z) })
		bench[T](b, "Mul"+size, 3*n, func() { pointwise.Mul(x, y, z) })
		bench[T](b, "Scale"+size, 2*n, func() { pointwise.Scale(1.0001, z) })
		bench[T](b, "ScaleTo"+size, 2*n, func() { pointwise.ScaleTo(1.5, x, z) })
		bench[T](b, "Axpy"+size, 3*n, func() { pointwise.Axpy(0.001, x, z) })
		bench[T](b, "Fill"+size, n, func() { pointwise.Fill(1, z) })
		bench[T](b, "Relu"+size, 2*n, func() { pointwise.Relu(x, z) })
		bench[T](b, "ReluGrad"+size, 3*n, func() { pointwise.ReluGrad(x, y, z) })
		bench[T](b, "Exp"+size, 2*n, func() { pointwise.Exp(x, z) })
		bench[T](b, "Sigmoid"+size, 2*n, func() { pointwise.Sigmoid(x, z) })
		bench[T](b, "SigmoidGrad"+size, 3*n, func() { pointwise.SigmoidGrad(x, y, z) })
		bench[T](b, "Tanh"+size, 2*n, func() { pointwise.Tanh(x, z) })
		bench[T](b, "Gelu"+size, 2*n, func() { pointwise.Gelu(x, z) })
		bench[T](b, "GeluGrad"+size, 3*n, func() { pointwise.GeluGrad(x, y, z) })
		bench[T](b, "Dropout"+size, 2*n, func() { pointwise.DropoutRow(1, 0.5, x, z) })
		bench[T](b, "Dot"+size, 2*n, func() { pointwise.Dot(x, y) })
		bench[T](b, "Sum"+size, n, func() { pointwise.Sum(x) })
		pointwise.Fill(0, z)
		bench[T](b, "StepSGD"+size, 3*n, func() { step.SGD(x, y, 1e-4) })
		bench[T](b, "StepMomentum"+size, 5*n, func() { step.Momentum(x, y, z, 1e-4, 0.9, 0) })
		bench[T](b, "StepNesterov"+size, 5*n, func() { step.Nesterov(x, y, z, 1e-4, 0.9) })
		bench[T](b, "StepNesterovTextbook"+size, 5*n, func() { step.NesterovTextbook(x, y, z, 1e-4, 0.9, 0.9) })
	}
}

// BenchmarkMatrix runs on the matrices of a LeNet and of a ResNet of batch 128: rows × channels.
func BenchmarkMatrix(b *testing.B) { benchSets(b, benchMatrix[float32], benchMatrix[float64]) }

func benchMatrix[T kernel.Float](b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, shape := range [][2]int{{128, 10}, {128, 512}, {73728, 20}, {131072, 64}, {8192, 512}} {
		rows, c := shape[0], shape[1]
		n := rows * c
		x, y, z := kerneltest.Normals[T](r, n), kerneltest.Normals[T](r, n), make([]T, n)
		v := make([][]T, 7)
		for i := range v {
			v[i] = kerneltest.Normals[T](r, c)
		}
		mean, variance := make([]float64, c), make([]float64, c)
		size := fmt.Sprintf("/%dx%d", rows, c)
		bench[T](b, "ColSum"+size, n, func() { norm.ColSum(rows, c, x, v[0]) })
		if rows == 128 {
			continue
		}
		bench[T](b, "BatchNormStats"+size, n, func() { norm.BatchNormStats(rows, c, x, mean, variance) })
		for then, name := range []string{"", "Relu", "Gelu"} {
			layer := norm.Norm[T]{Rows: rows, C: c, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: norm.Activation(then)}
			bench[T](b, "BatchNorm"+name+size, 2*n, func() { norm.BatchNormApply(layer, x, z) })
			bench[T](b, "BatchNorm"+name+"Grad"+size, 5*n, func() { norm.BatchNormGrad(layer, x, y, z, v[5], v[6]) })
		}
	}
}

func BenchmarkSoftmaxCrossEntropy(b *testing.B) {
	benchSets(b, benchSoftmax[float32], benchSoftmax[float64])
}

func benchSoftmax[T kernel.Float](b *testing.B) {
	for _, shape := range [][2]int{{1, 10}, {128, 10}, {128, 1000}} {
		rows, classes := shape[0], shape[1]
		x, d := kerneltest.Normals[T](rand.New(rand.NewPCG(3, 3)), rows*classes), make([]T, rows*classes)
		labels := make([]int, rows)
		bench[T](b, fmt.Sprintf("%dx%d", rows, classes), 2*rows*classes, func() {
			softmax.CrossEntropy(rows, classes, x, labels, d)
		})
	}
}

// BenchmarkPool2D runs on the activations of a LeNet and of a ResNet of batch 128.
func BenchmarkPool2D(b *testing.B) { benchSets(b, benchPool2D[float32], benchPool2D[float64]) }

func benchPool2D[T kernel.Float](b *testing.B) {
	for _, s := range []pool.Shape{
		{N: 128, H: 24, W: 24, C: 20, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
		{N: 128, H: 8, W: 8, C: 50, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
		{N: 128, H: 32, W: 32, C: 64, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
		{N: 128, H: 24, W: 24, C: 20, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
		{N: 128, H: 4, W: 4, C: 512, KH: 4, KW: 4, StrideH: 4, StrideW: 4},
	} {
		in, out := s.Sizes()
		x, y, arg := kerneltest.Normals[T](rand.New(rand.NewPCG(4, 4)), in), make([]T, out), make([]uint16, out)
		name := fmt.Sprintf("/%dx%dx%dx%d-%dx%d", s.N, s.H, s.W, s.C, s.KH, s.KW)
		cells := out * 2 / kernel.SizeOf[T]()
		bench[T](b, "MaxPool"+name, in+out+cells, func() { pool.Max(s, x, y, arg) })
		bench[T](b, "MaxPoolGrad"+name, in+out+cells, func() { pool.MaxGrad(s, y, arg, x) })
		layer := norm.Norm[T]{Rows: s.N * s.H * s.W, C: s.C, Then: norm.ThenRelu}
		for _, v := range []*[]T{&layer.Scale, &layer.Shift, &layer.Mean, &layer.InvStd, &layer.Gamma} {
			*v = kerneltest.Normals[T](rand.New(rand.NewPCG(5, 5)), s.C)
		}
		sums, dx := [2][]T{make([]T, s.C), make([]T, s.C)}, make([]T, in)
		bench[T](b, "BatchNormMaxPool"+name, in+out+cells, func() { norm.BatchNormMaxPool(layer, s, x, y, arg) })
		bench[T](b, "BatchNormMaxPoolGrad"+name, 3*in+2*(out+cells), func() {
			norm.BatchNormMaxPoolGrad(layer, s, x, y, arg, dx, sums[0], sums[1])
		})
		bench[T](b, "AvgPool"+name, in+out, func() { pool.Avg(s, x, y, true) })
		bench[T](b, "AvgPoolGrad"+name, in+out, func() { pool.AvgGrad(s, y, x, true) })
	}
}
