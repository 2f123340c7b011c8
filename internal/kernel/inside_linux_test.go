package kernel_test

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/fallline/fallline/internal/kernel/step"
)

// TestRoutinesStayInside works on operands that end, or start, at memory that may not be touched.
func TestRoutinesStayInside(t *testing.T) {
	kerneltest.All.EachType(t, testStaysInside[float32], testStaysInside[float64])
}

func testStaysInside[T kernel.Float](t *testing.T) {
	for _, before := range []bool{false, true} {
		for _, n := range []int{1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 66, 129} {
			x, y, z := kerneltest.Fenced[T](t, n, before), kerneltest.Fenced[T](t, n, before), kerneltest.Fenced[T](t, n, before)
			for _, f := range []func(x, y, z []T){pointwise.Add[T], pointwise.AddRelu[T], pointwise.Mul[T], pointwise.ReluGrad[T], pointwise.SigmoidGrad[T], pointwise.TanhGrad[T], pointwise.GeluGrad[T]} {
				f(x, y, z)
			}
			for _, f := range []func(x, y []T){pointwise.Relu[T], pointwise.Exp[T], pointwise.Sigmoid[T], pointwise.Tanh[T], pointwise.Gelu[T]} {
				f(x, z)
			}
			pointwise.Scale(0.5, z)
			pointwise.ScaleTo(0.5, x, z)
			pointwise.Axpy(0.5, x, z)
			pointwise.Fill(0.5, z)
			pointwise.Shrink(0.5, z)
			pointwise.Dot(x, y)
			pointwise.Sum(x)
			pointwise.Exponent(x)
			step.SGD(x, y, 0.1)
			step.Momentum(x, y, z, 0.1, 0.9, 0)
			step.MomentumTextbook(x, y, z, 0.1, 0.9)
			step.Nesterov(x, y, z, 0.1, 0.9)
			step.NesterovTextbook(x, y, z, 0.1, 0.9, 0.9)
			mean, top := kerneltest.Fenced[T](t, n, before), kerneltest.Fenced[T](t, n, before)
			step.AdaGrad(x, y, z, 0.1, 1e-3)
			step.RMSProp(x, y, z, 0.1, 0.75, 0.25, 1e-3)
			step.RMSPropCentered(x, y, z, mean, 0.1, 0.75, 0.25, 1e-3)
			step.RMSPropMomentum(x, y, z, mean, 0.1, 0.75, 0.25, 1e-3, 0.9)
			step.RMSPropCenteredMomentum(x, y, z, mean, top, 0.1, 0.75, 0.25, 1e-3, 0.9)
			adam := step.AdamTerms[T]{Rate: 0.1, Root: 1.5, Eps: 1e-3, Keep1: 0.75, Fresh1: 0.25, Keep2: 0.875, Fresh2: 0.125}
			step.Adam(x, y, mean, z, adam)
			step.AMSGrad(x, y, mean, z, top, adam)
			pointwise.DropoutRow(1, 0.5, x, y)
			for _, rows := range []int{1, 2, 5, 300} {
				matrixStaysInside[T](t, rows, n, before)
			}
			poolStaysInside[T](t, n, before)
		}
	}
}

func matrixStaysInside[T kernel.Float](t *testing.T, rows, cols int, before bool) {
	x, y, z := kerneltest.Fenced[T](t, rows*cols, before), kerneltest.Fenced[T](t, rows*cols, before), kerneltest.Fenced[T](t, rows*cols, before)
	v := make([][]T, 7)
	for i := range v {
		v[i] = kerneltest.Fenced[T](t, cols, before)
	}
	norm.ColSum(rows, cols, x, v[0])
	norm.BatchNormStats(rows, cols, x, kerneltest.Fenced[float64](t, cols, before), kerneltest.Fenced[float64](t, cols, before))
	for _, then := range []norm.Activation{norm.NoActivation, norm.ThenRelu, norm.ThenGelu} {
		n := norm.Norm[T]{Rows: rows, C: cols, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: then}
		norm.BatchNormApply(n, x, y)
		norm.BatchNormGrad(n, x, y, z, v[5], v[6])
	}
	softmax.CrossEntropy(rows, cols, x, make([]int, rows), y)
	softmax.Rows(rows, cols, x, y)
	softmax.RowsGrad(rows, cols, x, y, z)
}

func poolStaysInside[T kernel.Float](t *testing.T, channels int, before bool) {
	for _, s := range []pool.Shape{
		{N: 2, H: 4, W: 6, C: channels, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
		{N: 1, H: 5, W: 4, C: channels, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
		{N: 1, H: 3, W: 3, C: channels, KH: 3, KW: 3, StrideH: 3, StrideW: 3},
	} {
		in, out := s.Sizes()
		x, y, arg := kerneltest.Fenced[T](t, in, before), kerneltest.Fenced[T](t, out, before), make([]uint16, out)
		pool.Max(s, x, y, arg)
		pool.MaxGrad(s, y, arg, x)
		v := make([][]T, 7)
		for i := range v {
			v[i] = kerneltest.Fenced[T](t, channels, before)
		}
		n := norm.Norm[T]{Rows: s.N * s.H * s.W, C: channels, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: norm.ThenGelu}
		norm.BatchNormMaxPool(n, s, x, y, arg)
		norm.BatchNormMaxPoolGrad(n, s, x, y, arg, kerneltest.Fenced[T](t, in, before), v[5], v[6])
		pool.Avg(s, x, y, false)
		pool.AvgGrad(s, y, x, false)
	}
}
