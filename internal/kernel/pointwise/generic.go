package pointwise

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
)

// The definitions of the mappings. A conversion such as T(a * v) keeps the compiler from fusing the product with a sum. Sums and products
// go by eight elements, so that the checks of lengths and the counting don't take longer than the arithmetic.

func addGeneric[T kernel.Float](_ T, x, y, z []T) {
	for len(z) >= 8 {
		u, v, w := (*[8]T)(x), (*[8]T)(y), (*[8]T)(z)
		w[0] = u[0] + v[0]
		w[1] = u[1] + v[1]
		w[2] = u[2] + v[2]
		w[3] = u[3] + v[3]
		w[4] = u[4] + v[4]
		w[5] = u[5] + v[5]
		w[6] = u[6] + v[6]
		w[7] = u[7] + v[7]
		x, y, z = x[8:], y[8:], z[8:]
	}
	for i := range z {
		z[i] = x[i] + y[i]
	}
}

func addReluGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = max(x[i]+y[i], 0)
	}
}

func mulGeneric[T kernel.Float](_ T, x, y, z []T) {
	for len(z) >= 8 {
		u, v, w := (*[8]T)(x), (*[8]T)(y), (*[8]T)(z)
		w[0] = u[0] * v[0]
		w[1] = u[1] * v[1]
		w[2] = u[2] * v[2]
		w[3] = u[3] * v[3]
		w[4] = u[4] * v[4]
		w[5] = u[5] * v[5]
		w[6] = u[6] * v[6]
		w[7] = u[7] * v[7]
		x, y, z = x[8:], y[8:], z[8:]
	}
	for i := range z {
		z[i] = x[i] * y[i]
	}
}

func scaleGeneric[T kernel.Float](a T, x, _, z []T) {
	for len(z) >= 8 {
		u, w := (*[8]T)(x), (*[8]T)(z)
		w[0] = a * u[0]
		w[1] = a * u[1]
		w[2] = a * u[2]
		w[3] = a * u[3]
		w[4] = a * u[4]
		w[5] = a * u[5]
		w[6] = a * u[6]
		w[7] = a * u[7]
		x, z = x[8:], z[8:]
	}
	for i := range z {
		z[i] = a * x[i]
	}
}

func axpyGeneric[T kernel.Float](a T, x, _, z []T) {
	for len(z) >= 8 {
		u, w := (*[8]T)(x), (*[8]T)(z)
		w[0] += T(a * u[0])
		w[1] += T(a * u[1])
		w[2] += T(a * u[2])
		w[3] += T(a * u[3])
		w[4] += T(a * u[4])
		w[5] += T(a * u[5])
		w[6] += T(a * u[6])
		w[7] += T(a * u[7])
		x, z = x[8:], z[8:]
	}
	for i := range z {
		z[i] += T(a * x[i])
	}
}

func fillGeneric[T kernel.Float](a T, _, _, z []T) {
	for i := range z {
		z[i] = a
	}
}

func reluGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		z[i] = max(x[i], 0)
	}
}

// reluGradGeneric tests the bits of x, which the compiler does without a branch: x > 0 where they are from 1 to those of +∞.
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

func expGeneric[T kernel.Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		z[i] = T(ExpOf[T](float64(x[i])))
	}
}

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

func sigmoidGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = y[i] * T(x[i]*(1-x[i]))
	}
}

func tanhGradGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = y[i] * (1 - T(x[i]*x[i]))
	}
}
