package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// A definition stands below its function. A conversion such as T(a * v) keeps the compiler from fusing the product with
// a sum. Sums and products go by eight elements, so that the checks of lengths and the counting don't take longer than
// the arithmetic.

// Add sets z = x + y, element by element. The three slices have one length; z may be x or y.
func Add[T kernel.Float](x, y, z []T) { apply(inUse[T]().add, threads.PartLight, 0, x, y, z) }

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

// AddRelu sets z = max(x + y, 0), element by element; a NaN stays a NaN. The three slices have one length; z may be x
// or y.
func AddRelu[T kernel.Float](x, y, z []T) { apply(inUse[T]().addRelu, threads.PartLight, 0, x, y, z) }

func addReluGeneric[T kernel.Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = max(x[i]+y[i], 0)
	}
}

// Mul sets z = x · y, element by element. The three slices have one length; z may be x or y.
func Mul[T kernel.Float](x, y, z []T) { apply(inUse[T]().mul, threads.PartLight, 0, x, y, z) }

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

// Scale sets x = a x.
func Scale[T kernel.Float](a T, x []T) { apply(inUse[T]().scale, threads.PartLight, a, x, nil, x) }

// ScaleTo sets y = a x. The two slices have one length; y may be x.
func ScaleTo[T kernel.Float](a T, x, y []T) { apply(inUse[T]().scale, threads.PartLight, a, x, nil, y) }

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

// Axpy sets y = y + a x, the product rounded before the sum. The two slices have one length.
func Axpy[T kernel.Float](a T, x, y []T) { apply(inUse[T]().axpy, threads.PartLight, a, x, nil, y) }

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

// Fill sets every element of x to a.
func Fill[T kernel.Float](a T, x []T) { apply(inUse[T]().fill, threads.PartLight, a, nil, nil, x) }

func fillGeneric[T kernel.Float](a T, _, _, z []T) {
	for i := range z {
		z[i] = a
	}
}
