package kernel

import "testing"

// TestRoutinesStayInside works on operands that end, or start, at memory that may not be touched.
func TestRoutinesStayInside(t *testing.T) {
	forEachType(t, testStaysInside[float32], testStaysInside[float64])
}

func testStaysInside[T Float](t *testing.T) {
	for _, before := range []bool{false, true} {
		for _, n := range []int{1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 66, 129} {
			x, y, z := fenced[T](t, n, before), fenced[T](t, n, before), fenced[T](t, n, before)
			k := routinesOf[T]()
			for _, f := range []mapping[T]{k.add, k.addRelu, k.mul, k.scale, k.axpy, k.fill, k.shrink, k.relu, k.reluGrad, k.exp, k.sigmoid, k.tanh,
				k.sigmoidGrad, k.tanhGrad, k.gelu, k.geluGrad} {
				f(0.5, x, y, z)
			}
			Dot(x, y)
			Sum(x)
			Exponent(x)
			StepSGD(x, y, 0.1)
			StepMomentum(x, y, z, 0.1, 0.9, 0)
			StepMomentumTextbook(x, y, z, 0.1, 0.9)
			StepNesterov(x, y, z, 0.1, 0.9)
			StepNesterovTextbook(x, y, z, 0.1, 0.9, 0.9)
			kept := [][]T{z, fenced[T](t, n, before), fenced[T](t, n, before)}
			for _, f := range adaptiveSteps[T]() {
				f.public(x, y, kept[:f.arrays])
			}
			DropoutRow(1, 0.5, x, y)
			for _, rows := range []int{1, 2, 5, 300} {
				matrixStaysInside[T](t, rows, n, before)
			}
			poolStaysInside[T](t, n, before)
		}
	}
}

func matrixStaysInside[T Float](t *testing.T, rows, cols int, before bool) {
	x, y, z := fenced[T](t, rows*cols, before), fenced[T](t, rows*cols, before), fenced[T](t, rows*cols, before)
	v := make([][]T, 7)
	for i := range v {
		v[i] = fenced[T](t, cols, before)
	}
	ColSum(rows, cols, x, v[0])
	BatchNormStats(rows, cols, x, fenced[float64](t, cols, before), fenced[float64](t, cols, before))
	for _, then := range []Activation{NoActivation, ThenRelu, ThenGelu} {
		n := Norm[T]{Rows: rows, C: cols, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: then}
		BatchNormApply(n, x, y)
		BatchNormGrad(n, x, y, z, v[5], v[6])
	}
	SoftmaxCrossEntropy(rows, cols, x, make([]int, rows), y)
	SoftmaxRows(rows, cols, x, y)
	SoftmaxRowsGrad(rows, cols, x, y, z)
}

func poolStaysInside[T Float](t *testing.T, channels int, before bool) {
	for _, s := range []Pool{
		{2, 4, 6, channels, 2, 2, 2, 2, 0, 0},
		{1, 5, 4, channels, 3, 3, 2, 2, 1, 1},
		{1, 3, 3, channels, 3, 3, 3, 3, 0, 0},
	} {
		in, out := s.sizes()
		x, y, arg := fenced[T](t, in, before), fenced[T](t, out, before), make([]uint16, out)
		MaxPool(s, x, y, arg)
		MaxPoolGrad(s, y, arg, x)
		v := make([][]T, 7)
		for i := range v {
			v[i] = fenced[T](t, channels, before)
		}
		n := Norm[T]{Rows: s.N * s.H * s.W, C: channels, Scale: v[0], Shift: v[1], Mean: v[2], InvStd: v[3], Gamma: v[4], Then: ThenGelu}
		BatchNormMaxPool(n, s, x, y, arg)
		BatchNormMaxPoolGrad(n, s, x, y, arg, fenced[T](t, in, before), v[5], v[6])
		AvgPool(s, x, y, false)
		AvgPoolGrad(s, y, x, false)
	}
}
