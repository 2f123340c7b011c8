package pointwise

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Relu sets y = max(x, 0), element by element; a NaN stays a NaN. The two slices have one length; y may be x.
func Relu[T kernel.Float](x, y []T) { apply(inUse[T]().relu, threads.PartLight, 0, x, nil, y) }

func reluGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		z[i] = max(x[i], 0)
	}
}

// ReluGrad is the gradient of Relu by its output y: dx = dy where y > 0, else 0. The slices have one length; dx may be
// dy or y.
func ReluGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().reluGrad, threads.PartLight, 0, y, dy, dx)
}

// reluGradGeneric tests the bits of x, which the compiler does without a branch: x > 0 where they are from 1 to those
// of +∞.
func reluGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	if !kernel.Is32[T]() {
		reluGrad64(kernel.As64(x), kernel.As64(y), kernel.As64(z))
		return
	}
	u, v, w := kernel.As32(x)[:len(z)], kernel.As32(y)[:len(z)], kernel.As32(z)
	for i := range w {
		d := math.Float32bits(v[i])
		if math.Float32bits(u[i])-1 >= 0x7f800000 {
			d = 0
		}
		w[i] = math.Float32frombits(d)
	}
}

func reluGrad64(x, y, z []float64) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		d := math.Float64bits(y[i])
		if math.Float64bits(x[i])-1 >= 0x7ff0000000000000 {
			d = 0
		}
		z[i] = math.Float64frombits(d)
	}
}

// Sigmoid sets y = 1/(1 + e^−x), element by element: within 3 units in the last place. The two slices have one length;
// y may be x.
func Sigmoid[T kernel.Float](x, y []T) { apply(inUse[T]().sigmoid, threads.PartHeavy, 0, x, nil, y) }

// sigmoidGeneric is, with t = e^−|x|, 1/(1 + t) from 0 up and t/(1 + t) below: neither overflows.
func sigmoidGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		u := float64(x[i])
		t := ExpOf[T](-math.Abs(u))
		top := 1.0
		if u < 0 {
			top = t
		}
		z[i] = T(top / (1 + t))
	}
}

// SigmoidGrad is the gradient of Sigmoid by its output y: dx = dy y (1 − y). The slices have one length; dx may be dy
// or y.
func SigmoidGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().sigmoidGrad, threads.PartLight, 0, y, dy, dx)
}

func sigmoidGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = y[i] * T(x[i]*(1-x[i]))
	}
}

// Tanh sets y = tanh x, element by element: within 3 units in the last place. The two slices have one length; y may be
// x.
func Tanh[T kernel.Float](x, y []T) { apply(inUse[T]().tanh, threads.PartHeavy, 0, x, nil, y) }

// tanhGeneric is, with m = e^−2|x| − 1, −m/(2 + m) with the sign of x.
func tanhGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		u := float64(x[i])
		q, k := expSplit[T](-2*math.Abs(u), -80, 0)
		s := powerOf2(k)
		m := float64(s*q) + (s - 1)
		z[i] = T(math.Copysign(m/(2+m), u))
	}
}

// TanhGrad is the gradient of Tanh by its output y: dx = dy (1 − y²). The slices have one length; dx may be dy or y.
func TanhGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().tanhGrad, threads.PartLight, 0, y, dy, dx)
}

func tanhGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = y[i] * (1 - T(x[i]*x[i]))
	}
}
