package stock

import (
	"math"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// unaryKernel is the kernel of an elementwise op of one argument.
func unaryKernel[T kernel.Float](f gate.Function) Kernel {
	switch f {
	case gate.Negate:
		return unary(func(x, y []T) { pointwise.ScaleTo(-1, x, y) })
	case gate.Square:
		return unary(func(x, y []T) { pointwise.Mul(x, x, y) })
	case gate.Exp:
		return unary(pointwise.Exp[T])
	case gate.Tanh:
		return unary(pointwise.Tanh[T])
	case gate.Sigmoid:
		return unary(pointwise.Sigmoid[T])
	}
	of, ok := functions[f]
	if !ok {
		return nil
	}
	l := &loop[T]{f: func(x, _, z []T) {
		for i, v := range x {
			z[i] = T(of(float64(v)))
		}
	}}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x := tensors.Elements[T](in[0])
		l.run(x, x, tensors.Elements[T](out))
	}
}

func unary[T kernel.Float](f func(x, y []T)) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		want("argument", len(x), len(y))
		f(x, y)
	}
}

// functions are the elementwise ops without a kernel of their own.
var functions = map[gate.Function]func(float64) float64{
	gate.Abs:         math.Abs,
	gate.Sign:        sign,
	gate.Ceil:        math.Ceil,
	gate.Floor:       math.Floor,
	gate.Sin:         math.Sin,
	gate.Cos:         math.Cos,
	gate.Log:         math.Log,
	gate.Log2:        math.Log2,
	gate.Sqrt:        math.Sqrt,
	gate.Inverse:     func(x float64) float64 { return 1 / x },
	gate.InverseSqrt: func(x float64) float64 { return 1 / math.Sqrt(x) },
	gate.Cube:        func(x float64) float64 { return x * x * x },
	gate.Log1p:       math.Log1p,
	gate.Expm1:       math.Expm1,
	gate.Softplus: func(x float64) float64 {
		return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
	},
}

// sign is −1 below 0, 1 above, and x itself for 0 and NaN.
func sign(x float64) float64 {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return x
}
