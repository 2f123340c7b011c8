package graph

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"gorgonia.org/gorgonia"
)

// lowerUnary is the kernel of an elementwise op of one argument.
func lowerUnary[T kernel.Float](op string) lowering {
	switch op {
	case "neg":
		return unary(func(x, y []T) { pointwise.ScaleTo(-1, x, y) })
	case "square":
		return unary(func(x, y []T) { pointwise.Mul(x, x, y) })
	case "exp":
		return unary(pointwise.Exp[T])
	case "tanh":
		return unary(pointwise.Tanh[T])
	case "sigmoid":
		return unary(pointwise.Sigmoid[T])
	}
	f, ok := functions[op]
	if !ok {
		return nil
	}
	l := &loop[T]{f: func(x, _, z []T) {
		for i, v := range x {
			z[i] = T(f(float64(v)))
		}
	}}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x := elems[T](in[0])
		l.run(x, x, elems[T](out))
	}
}

func unary[T kernel.Float](f func(x, y []T)) lowering {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := elems[T](in[0]), elems[T](out)
		want("argument", len(x), len(y))
		f(x, y)
	}
}

// functions are the elementwise ops without a kernel of their own, by their names in Gorgonia.
var functions = map[string]func(float64) float64{
	"abs":     math.Abs,
	"sign":    sign,
	"ceil":    math.Ceil,
	"floor":   math.Floor,
	"sin":     math.Sin,
	"cos":     math.Cos,
	"ln":      math.Log,
	"log2":    math.Log2,
	"sqrt":    math.Sqrt,
	"inv":     func(x float64) float64 { return 1 / x },
	"invSqrt": func(x float64) float64 { return 1 / math.Sqrt(x) },
	"cube":    func(x float64) float64 { return x * x * x },
	"log1p":   math.Log1p,
	"expm1":   math.Expm1,
	"softplus": func(x float64) float64 {
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
