package graph

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"gorgonia.org/gorgonia"
)

// diffPow is the derivative of z = x^y, of which either may be a scalar:
//
//	dx = y x^(y−1) dz, 0 where y = 0
//	dy = z ln x dz, 0 where x = 0 and y ≥ 0
//
// Gorgonia's gives NaN in the two special cases. It also calls Log on x, which changes x's node where that is 1+a or a softmax.
func diffPow(in gorgonia.Nodes, z, dz *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := gradientOp{name: "slope of x^y by x", like: 2, f32: powByBase[float32], f64: powByBase[float64]}.apply(in[0], in[1], dz)
	if err != nil {
		return nil, err
	}
	dy, err := gradientOp{name: "slope of x^y by y", like: 3, f32: powByExponent[float32], f64: powByExponent[float64]}.apply(in[0], in[1], z, dz)
	if err != nil {
		return nil, err
	}
	d := gorgonia.Nodes{dx, dy}
	for i, n := range d {
		if in[i].IsScalar() && !n.IsScalar() {
			if d[i], err = gorgonia.Sum(n); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

func power[T kernel.Float](x, y T) T { return T(math.Pow(float64(x), float64(y))) }

func powByBase[T kernel.Float]() lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, dz, dx := elems[T](in[0]), elems[T](in[1]), elems[T](in[2]), elems[T](out)
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

func powByExponent[T kernel.Float]() lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, z, dz, dy := elems[T](in[0]), elems[T](in[1]), elems[T](in[2]), elems[T](in[3]), elems[T](out)
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
