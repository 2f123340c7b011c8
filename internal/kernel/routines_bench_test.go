package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchSets runs f under each kernel set and for each type.
func benchSets(b *testing.B, f32, f64 func(b *testing.B)) {
	defer func(s set) { active = s }(active)
	for _, name := range Available() {
		if err := Use(name); err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/float32", f32)
		b.Run(name+"/float64", f64)
	}
}

// bench times f, which moves that many elements of T to and from memory.
func bench[T Float](b *testing.B, name string, elements int, f func()) {
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(elements * sizeOf[T]()))
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

func benchPointwise[T Float](b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{6_500_000, 2_048} {
		x, y, z := normals[T](r, n), normals[T](r, n), make([]T, n)
		size := fmt.Sprintf("/%d", n)
		bench[T](b, "copy"+size, 2*n, func() { copy(z, x) })
		bench[T](b, "Add"+size, 3*n, func() { Add(x, y, z) })
		bench[T](b, "Mul"+size, 3*n, func() { Mul(x, y, z) })
		bench[T](b, "Scale"+size, 2*n, func() { Scale(1.0001, z) })
		bench[T](b, "ScaleTo"+size, 2*n, func() { ScaleTo(1.5, x, z) })
		bench[T](b, "Axpy"+size, 3*n, func() { Axpy(0.001, x, z) })
		bench[T](b, "Fill"+size, n, func() { Fill(1, z) })
		bench[T](b, "Relu"+size, 2*n, func() { Relu(x, z) })
		bench[T](b, "ReluGrad"+size, 3*n, func() { ReluGrad(x, y, z) })
		bench[T](b, "Exp"+size, 2*n, func() { Exp(x, z) })
		bench[T](b, "Sigmoid"+size, 2*n, func() { Sigmoid(x, z) })
		bench[T](b, "SigmoidGrad"+size, 3*n, func() { SigmoidGrad(x, y, z) })
		bench[T](b, "Tanh"+size, 2*n, func() { Tanh(x, z) })
		bench[T](b, "Gelu"+size, 2*n, func() { Gelu(x, z) })
		bench[T](b, "GeluGrad"+size, 3*n, func() { GeluGrad(x, y, z) })
		bench[T](b, "Dropout"+size, 2*n, func() { DropoutRow(1, 0.5, x, z) })
		bench[T](b, "Dot"+size, 2*n, func() { Dot(x, y) })
		bench[T](b, "Sum"+size, n, func() { Sum(x) })
		Fill(0, z)
		bench[T](b, "StepSGD"+size, 3*n, func() { StepSGD(x, y, 1e-4) })
		bench[T](b, "StepMomentum"+size, 5*n, func() { StepMomentum(x, y, z, 1e-4, 0.9, 0) })
		bench[T](b, "StepNesterov"+size, 5*n, func() { StepNesterov(x, y, z, 1e-4, 0.9) })
		bench[T](b, "StepNesterovTextbook"+size, 5*n, func() { StepNesterovTextbook(x, y, z, 1e-4, 0.9, 0.9) })
	}
}

// BenchmarkMatrix runs on the matrices of a LeNet and of a ResNet of batch 128: rows × channels.
func BenchmarkMatrix(b *testing.B) { benchSets(b, benchMatrix[float32], benchMatrix[float64]) }

func benchMatrix[T Float](b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, shape := range [][2]int{{128, 10}, {128, 512}, {73728, 20}, {131072, 64}, {8192, 512}} {
		rows, c := shape[0], shape[1]
		n := rows * c
		x, y, z := normals[T](r, n), normals[T](r, n), make([]T, n)
		v := make([][]T, 7)
		for i := range v {
			v[i] = normals[T](r, c)
		}
		mean, variance := make([]float64, c), make([]float64, c)
		size := fmt.Sprintf("/%dx%d", rows, c)
		bench[T](b, "ColSum"+size, n, func() { ColSum(rows, c, x, v[0]) })
		if rows == 128 {
			continue
		}
		bench[T](b, "BatchNormStats"+size, n, func() { BatchNormStats(rows, c, x, mean, variance) })
		for then, name := range []string{"", "Relu", "Gelu"} {
			norm := Norm[T]{Rows: rows, C: c, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: Activation(then)}
			bench[T](b, "BatchNorm"+name+size, 2*n, func() { BatchNormApply(norm, x, z) })
			bench[T](b, "BatchNorm"+name+"Grad"+size, 5*n, func() { BatchNormGrad(norm, x, y, z, v[5], v[6]) })
		}
	}
}

func BenchmarkSoftmaxCrossEntropy(b *testing.B) {
	benchSets(b, benchSoftmax[float32], benchSoftmax[float64])
}

func benchSoftmax[T Float](b *testing.B) {
	for _, shape := range [][2]int{{1, 10}, {128, 10}, {128, 1000}} {
		rows, classes := shape[0], shape[1]
		x, d := normals[T](rand.New(rand.NewPCG(3, 3)), rows*classes), make([]T, rows*classes)
		labels := make([]int, rows)
		bench[T](b, fmt.Sprintf("%dx%d", rows, classes), 2*rows*classes, func() {
			SoftmaxCrossEntropy(rows, classes, x, labels, d)
		})
	}
}

// BenchmarkPool2D runs on the activations of a LeNet and of a ResNet of batch 128.
func BenchmarkPool2D(b *testing.B) { benchSets(b, benchPool2D[float32], benchPool2D[float64]) }

func benchPool2D[T Float](b *testing.B) {
	for _, s := range []Pool{
		{128, 24, 24, 20, 2, 2, 2, 2, 0, 0},
		{128, 8, 8, 50, 2, 2, 2, 2, 0, 0},
		{128, 32, 32, 64, 2, 2, 2, 2, 0, 0},
		{128, 24, 24, 20, 3, 3, 2, 2, 1, 1},
		{128, 4, 4, 512, 4, 4, 4, 4, 0, 0},
	} {
		in, out := s.sizes()
		x, y, arg := normals[T](rand.New(rand.NewPCG(4, 4)), in), make([]T, out), make([]uint16, out)
		name := fmt.Sprintf("/%dx%dx%dx%d-%dx%d", s.N, s.H, s.W, s.C, s.KH, s.KW)
		cells := out * 2 / sizeOf[T]()
		bench[T](b, "MaxPool"+name, in+out+cells, func() { MaxPool(s, x, y, arg) })
		bench[T](b, "MaxPoolGrad"+name, in+out+cells, func() { MaxPoolGrad(s, y, arg, x) })
		norm := Norm[T]{Rows: s.N * s.H * s.W, C: s.C, Then: ThenRelu}
		for _, v := range []*[]T{&norm.Scale, &norm.Shift, &norm.Mean, &norm.InvStd, &norm.Gamma} {
			*v = normals[T](rand.New(rand.NewPCG(5, 5)), s.C)
		}
		sums, dx := [2][]T{make([]T, s.C), make([]T, s.C)}, make([]T, in)
		bench[T](b, "BatchNormMaxPool"+name, in+out+cells, func() { BatchNormMaxPool(norm, s, x, y, arg) })
		bench[T](b, "BatchNormMaxPoolGrad"+name, 3*in+2*(out+cells), func() {
			BatchNormMaxPoolGrad(norm, s, x, y, arg, dx, sums[0], sums[1])
		})
		bench[T](b, "AvgPool"+name, in+out, func() { AvgPool(s, x, y, true) })
		bench[T](b, "AvgPoolGrad"+name, in+out, func() { AvgPoolGrad(s, y, x, true) })
	}
}
