package stock

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

func power[T kernel.Float](x, y T) T { return T(math.Pow(float64(x), float64(y))) }

// PowByBase is the kernel of y x^(y−1) dz, by x, y and dz, and 0 where y = 0.
func PowByBase[T kernel.Float]() Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, dz, dx := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](in[2]), tensors.Elements[T](out)
		wantPair(len(x), len(y), len(dx))
		for i := range dx {
			a, b := element(x, i), element(y, i)
			dx[i] = 0
			if b != 0 {
				dx[i] = dz[i] * b * power(a, b-1)
			}
		}
	}
}

// PowByExponent is the kernel of z ln x dz, by x, y, z = x^y and dz, and 0 where x = 0 and y ≥ 0.
func PowByExponent[T kernel.Float]() Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, z, dz, dy := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](in[2]), tensors.Elements[T](in[3]), tensors.Elements[T](out)
		wantPair(len(x), len(y), len(dy))
		for i := range dy {
			a := element(x, i)
			dy[i] = 0
			if a != 0 || !(element(y, i) >= 0) {
				dy[i] = dz[i] * z[i] * T(math.Log(float64(a)))
			}
		}
	}
}

// element is number i, or the only one.
func element[T kernel.Float](x []T, i int) T {
	if len(x) == 1 {
		return x[0]
	}
	return x[i]
}
