package kernel_test

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/fallline/fallline/internal/kernel/step"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// work is a call of every function that may use threads, on operands large enough for it; each returns its results.
func work[T kernel.Float]() map[string]func() []T {
	r := rand.New(rand.NewPCG(71, 72))
	const n = 5*threads.PartLight + 13
	x, y, z := kerneltest.Normals[T](r, n), kerneltest.Normals[T](r, n), make([]T, n)
	one := make([]T, 1)
	number := func(v float64) []T {
		one[0] = T(v)
		return one
	}
	all := map[string]func() []T{
		"Add":  func() []T { pointwise.Add(x, y, z); return z },
		"Mul":  func() []T { pointwise.Mul(x, y, z); return z },
		"Axpy": func() []T { copy(z, y); pointwise.Axpy(0.3, x, z); return z },
		"Relu": func() []T { pointwise.Relu(x, z); return z },
		"Exp":  func() []T { pointwise.Exp(x, z); return z },
		"Tanh": func() []T { pointwise.Tanh(x, z); return z },
		"Dot":  func() []T { return number(pointwise.Dot(x, y)) },
		"Sum":  func() []T { return number(pointwise.Sum(x)) },
		"DropoutRow": func() []T {
			pointwise.DropoutRow(9, 0.3, x, z)
			return z
		},
	}
	labels := make([]int, n/7)
	all["SoftmaxCrossEntropy"] = func() []T {
		loss := softmax.CrossEntropy(n/7, 7, x, labels, z)
		z[0] = T(loss)
		return z[:n/7*7]
	}
	all["Softmax"] = func() []T { softmax.Rows(n/7, 7, x, z); return z[:n/7*7] }
	all["SoftmaxGrad"] = func() []T { softmax.RowsGrad(n/7, 7, x, y, z); return z[:n/7*7] }
	for _, cols := range []int{20, 300} {
		addMatrixWork(all, x, y, z, n/cols, cols)
	}
	s := pool.Shape{N: 5, H: 32, W: 32, C: 16, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}
	arg := make([]uint16, n)
	_, out := s.Sizes()
	all["MaxPool"] = func() []T { pool.Max(s, x, z, arg); return z[:out] }
	all["MaxPoolGrad"] = func() []T { pool.Max(s, x, z, arg); pool.MaxGrad(s, y, arg, z); return z[:5*32*32*16] }
	layer := norm.Norm[T]{Rows: 5 * 32 * 32, C: 16, Scale: x[:16], Shift: x[16:32], Mean: x[32:48], InvStd: x[48:64], Gamma: x[64:80], Then: norm.ThenGelu}
	tiles := pool.Shape{N: 5, H: 32, W: 32, C: 16, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
	tilesArg, sums := make([]uint16, n), [2][]T{make([]T, 16), make([]T, 16)}
	all["BatchNormMaxPool"] = func() []T { norm.BatchNormMaxPool(layer, tiles, x, z, tilesArg); return z[:5*16*16*16] }
	all["BatchNormMaxPoolGrad"] = func() []T {
		norm.BatchNormMaxPool(layer, tiles, x, z, tilesArg)
		norm.BatchNormMaxPoolGrad(layer, tiles, x, y, tilesArg, z, sums[0], sums[1])
		return z[:5*32*32*16]
	}
	all["AvgPool"] = func() []T { pool.Avg(s, x, z, true); return z[:out] }
	all["AvgPoolGrad"] = func() []T { pool.AvgGrad(s, x, z, false); return z[:5*32*32*16] }
	return all
}

func addMatrixWork[T kernel.Float](all map[string]func() []T, x, y, z []T, rows, cols int) {
	tag := " of a narrow matrix"
	if cols > 100 {
		tag = " of a wide matrix"
	}
	v := make([][]T, 5)
	for i := range v {
		v[i] = kerneltest.Normals[T](rand.New(rand.NewPCG(73, uint64(i))), cols)
	}
	sums := [2][]T{make([]T, cols), make([]T, cols)}
	mean, variance := make([]float64, cols), make([]float64, cols)
	out := z[:rows*cols]
	all["ColSum"+tag] = func() []T { norm.ColSum(rows, cols, x, sums[0]); return sums[0] }
	all["BatchNormStats"+tag] = func() []T {
		norm.BatchNormStats(rows, cols, x, mean, variance)
		for j := range cols {
			out[j], out[cols+j] = T(mean[j]), T(variance[j])
		}
		return out[:2*cols]
	}
	for then, name := range []string{"", "Relu", "Gelu"} {
		n := norm.Norm[T]{Rows: rows, C: cols, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: norm.Activation(then)}
		all["BatchNorm"+name+tag] = func() []T { norm.BatchNormApply(n, x, out); return out }
		all["BatchNorm"+name+"Grad"+tag] = func() []T { norm.BatchNormGrad(n, x, y, out, sums[0], sums[1]); return out }
	}
}

func TestRoutinesBitsDontDependOnThreads(t *testing.T) {
	kerneltest.All.EachType(t, testRoutineThreads[float32], testRoutineThreads[float64])
}

func testRoutineThreads[T kernel.Float](t *testing.T) {
	for name, f := range work[T]() {
		var want []T
		kerneltest.WithThreads(t, []int{1, 2, 3, 7}, func(n int) {
			got := f()
			if n == 1 {
				want = append([]T(nil), got...)
			}
			if !kerneltest.SameBits(got, want) {
				t.Errorf("%s: %d threads give other bits than one", name, n)
			}
		})
	}
}

func TestRoutinesAllocateNothing(t *testing.T) {
	kerneltest.All.EachType(t, testRoutineAllocs[float32], testRoutineAllocs[float64])
}

func testRoutineAllocs[T kernel.Float](t *testing.T) {
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
		"Add":     func() { pointwise.Add(x, x, d) },
		"Dot":     func() { pointwise.Dot(x, d) },
		"ColSum":  func() { norm.ColSum(10, 10, x, d[:10]) },
		"Softmax": func() { softmax.CrossEntropy(10, 10, x, labels, d) },
		"Step":    func() { step.Nesterov(x, d, d, 0.1, 0.9) },
		"Dropout": func() { pointwise.DropoutRow(1, 0.5, x, d) },
		"MaxPool": func() {
			pool.Max(pool.Shape{N: 1, H: 10, W: 10, C: 1, KH: 2, KW: 2, StrideH: 2, StrideW: 2}, x, d, arg)
		},
	}
	for name, f := range small {
		if got := testing.AllocsPerRun(20, f); got != 0 {
			t.Errorf("a small %s allocates %v times", name, got)
		}
	}
}
