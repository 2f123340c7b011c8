package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// work is a call of every function that may use threads, on operands large enough for it; each returns its results.
func work[T Float]() map[string]func() []T {
	r := rand.New(rand.NewPCG(71, 72))
	const n = 5*threads.PartLight + 13
	x, y, z := normals[T](r, n), normals[T](r, n), make([]T, n)
	one := make([]T, 1)
	number := func(v float64) []T {
		one[0] = T(v)
		return one
	}
	all := map[string]func() []T{
		"Add":  func() []T { Add(x, y, z); return z },
		"Mul":  func() []T { Mul(x, y, z); return z },
		"Axpy": func() []T { copy(z, y); Axpy(0.3, x, z); return z },
		"Relu": func() []T { Relu(x, z); return z },
		"Exp":  func() []T { Exp(x, z); return z },
		"Tanh": func() []T { Tanh(x, z); return z },
		"Dot":  func() []T { return number(Dot(x, y)) },
		"Sum":  func() []T { return number(Sum(x)) },
		"DropoutRow": func() []T {
			DropoutRow(9, 0.3, x, z)
			return z
		},
	}
	labels := make([]int, n/7)
	all["SoftmaxCrossEntropy"] = func() []T {
		loss := SoftmaxCrossEntropy(n/7, 7, x, labels, z)
		z[0] = T(loss)
		return z[:n/7*7]
	}
	all["Softmax"] = func() []T { SoftmaxRows(n/7, 7, x, z); return z[:n/7*7] }
	all["SoftmaxGrad"] = func() []T { SoftmaxRowsGrad(n/7, 7, x, y, z); return z[:n/7*7] }
	for _, cols := range []int{20, 300} {
		addMatrixWork(all, x, y, z, n/cols, cols)
	}
	s := Pool{N: 5, H: 32, W: 32, C: 16, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}
	arg := make([]uint16, n)
	_, out := s.sizes()
	all["MaxPool"] = func() []T { MaxPool(s, x, z, arg); return z[:out] }
	all["MaxPoolGrad"] = func() []T { MaxPool(s, x, z, arg); MaxPoolGrad(s, y, arg, z); return z[:5*32*32*16] }
	norm := Norm[T]{Rows: 5 * 32 * 32, C: 16, Scale: x[:16], Shift: x[16:32], Mean: x[32:48], InvStd: x[48:64], Gamma: x[64:80], Then: ThenGelu}
	tiles := Pool{N: 5, H: 32, W: 32, C: 16, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
	tilesArg, sums := make([]uint16, n), [2][]T{make([]T, 16), make([]T, 16)}
	all["BatchNormMaxPool"] = func() []T { BatchNormMaxPool(norm, tiles, x, z, tilesArg); return z[:5*16*16*16] }
	all["BatchNormMaxPoolGrad"] = func() []T {
		BatchNormMaxPool(norm, tiles, x, z, tilesArg)
		BatchNormMaxPoolGrad(norm, tiles, x, y, tilesArg, z, sums[0], sums[1])
		return z[:5*32*32*16]
	}
	all["AvgPool"] = func() []T { AvgPool(s, x, z, true); return z[:out] }
	all["AvgPoolGrad"] = func() []T { AvgPoolGrad(s, x, z, false); return z[:5*32*32*16] }
	return all
}

func addMatrixWork[T Float](all map[string]func() []T, x, y, z []T, rows, cols int) {
	tag := " of a narrow matrix"
	if cols > 100 {
		tag = " of a wide matrix"
	}
	v := make([][]T, 5)
	for i := range v {
		v[i] = normals[T](rand.New(rand.NewPCG(73, uint64(i))), cols)
	}
	sums := [2][]T{make([]T, cols), make([]T, cols)}
	mean, variance := make([]float64, cols), make([]float64, cols)
	out := z[:rows*cols]
	all["ColSum"+tag] = func() []T { ColSum(rows, cols, x, sums[0]); return sums[0] }
	all["BatchNormStats"+tag] = func() []T {
		BatchNormStats(rows, cols, x, mean, variance)
		for j := range cols {
			out[j], out[cols+j] = T(mean[j]), T(variance[j])
		}
		return out[:2*cols]
	}
	for then, name := range []string{"", "Relu", "Gelu"} {
		n := Norm[T]{Rows: rows, C: cols, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: Activation(then)}
		all["BatchNorm"+name+tag] = func() []T { BatchNormApply(n, x, out); return out }
		all["BatchNorm"+name+"Grad"+tag] = func() []T { BatchNormGrad(n, x, y, out, sums[0], sums[1]); return out }
	}
}

func TestRoutinesBitsDontDependOnThreads(t *testing.T) {
	forEachType(t, testRoutineThreads[float32], testRoutineThreads[float64])
}

func testRoutineThreads[T Float](t *testing.T) {
	for name, f := range work[T]() {
		var want []T
		kerneltest.WithThreads(t, []int{1, 2, 3, 7}, func(n int) {
			got := f()
			if n == 1 {
				want = append([]T(nil), got...)
			}
			if !sameBits(got, want) {
				t.Errorf("%s: %d threads give other bits than one", name, n)
			}
		})
	}
}

func TestRoutinesAllocateNothing(t *testing.T) {
	forEachType(t, testRoutineAllocs[float32], testRoutineAllocs[float64])
}

func testRoutineAllocs[T Float](t *testing.T) {
	for name, f := range work[T]() {
		kerneltest.WithThreads(t, []int{1, 2}, func(n int) {
			if got := testing.AllocsPerRun(5, func() { f() }); got != 0 {
				t.Errorf("%s allocates %v times with %d threads", name, got, n)
			}
		})
	}
	x := make([]T, 100)
	d := make([]T, 100)
	labels, arg := make([]int, 10), make([]uint16, 25)
	small := map[string]func(){
		"Add":     func() { Add(x, x, d) },
		"Dot":     func() { Dot(x, d) },
		"ColSum":  func() { ColSum(10, 10, x, d[:10]) },
		"Softmax": func() { SoftmaxCrossEntropy(10, 10, x, labels, d) },
		"Step":    func() { StepNesterov(x, d, d, 0.1, 0.9) },
		"Dropout": func() { DropoutRow(1, 0.5, x, d) },
		"MaxPool": func() { MaxPool(Pool{1, 10, 10, 1, 2, 2, 2, 2, 0, 0}, x, d, arg) },
	}
	for name, f := range small {
		if got := testing.AllocsPerRun(20, f); got != 0 {
			t.Errorf("a small %s allocates %v times", name, got)
		}
	}
}
