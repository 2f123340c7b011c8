package stock

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// binaryKernel is the kernel of an elementwise op of two arguments, either of which may be a scalar.
func binaryKernel[T kernel.Float](f gate.Function, numbers bool) Kernel {
	switch f {
	case gate.Add:
		return binary(add[T])
	case gate.Subtract:
		return binary(subtract[T])
	case gate.Multiply:
		return binary(multiply[T])
	case gate.Divide:
		return looped(divide[T])
	case gate.Power:
		return looped(raise[T])
	}
	if holds := relations[T](f); numbers && holds != nil {
		return looped(func(x, y, z []T) { compare(x, y, z, holds) })
	}
	return nil
}

func binary[T kernel.Float](f func(x, y, z []T)) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y, z := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out)
		wantPair(len(x), len(y), len(z))
		f(x, y, z)
	}
}

// wantPair panics unless both arguments have the result's length or are scalars.
func wantPair(x, y, z int) {
	if x != 1 {
		want("left argument", x, z)
	}
	if y != 1 {
		want("right argument", y, z)
	}
}

func looped[T kernel.Float](f func(x, y, z []T)) Kernel {
	l := &loop[T]{f: f}
	return func(out gorgonia.Value, in []gorgonia.Value) {
		l.run(tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out))
	}
}

func add[T kernel.Float](x, y, z []T) {
	switch {
	case len(x) == len(z) && len(y) == len(z):
		pointwise.Add(x, y, z)
	case len(y) == 1:
		pointwise.Fill(y[0], z)
		pointwise.Add(x, z, z)
	default:
		pointwise.Fill(x[0], z)
		pointwise.Add(z, y, z)
	}
}

// subtract adds −y, which rounds as x − y does.
func subtract[T kernel.Float](x, y, z []T) {
	if len(y) == 1 && len(z) > 1 {
		pointwise.Fill(-y[0], z)
		pointwise.Add(x, z, z)
		return
	}
	pointwise.ScaleTo(-1, y, z)
	if len(x) == 1 && len(z) > 1 {
		for i := range z {
			z[i] += x[0]
		}
		return
	}
	pointwise.Add(x, z, z)
}

func multiply[T kernel.Float](x, y, z []T) {
	switch {
	case len(x) == len(z) && len(y) == len(z):
		pointwise.Mul(x, y, z)
	case len(y) == 1:
		pointwise.ScaleTo(y[0], x, z)
	default:
		pointwise.ScaleTo(x[0], y, z)
	}
}

// relations are what comparisons ask.
func relations[T kernel.Float](f gate.Function) func(a, b T) bool {
	switch f {
	case gate.Less:
		return func(a, b T) bool { return a < b }
	case gate.Greater:
		return func(a, b T) bool { return a > b }
	case gate.LessOrEqual:
		return func(a, b T) bool { return a <= b }
	case gate.GreaterOrEqual:
		return func(a, b T) bool { return a >= b }
	case gate.Equal:
		return func(a, b T) bool { return a == b }
	case gate.NotEqual:
		return func(a, b T) bool { return a != b }
	}
	return nil
}

func divide[T kernel.Float](x, y, z []T) {
	switch {
	case len(x) == len(z) && len(y) == len(z):
		for i, v := range x {
			z[i] = v / y[i]
		}
	case len(y) == 1:
		for i, v := range x {
			z[i] = v / y[0]
		}
	default:
		for i, v := range y {
			z[i] = x[0] / v
		}
	}
}

func raise[T kernel.Float](x, y, z []T) {
	for i := range z {
		z[i] = power(element(x, i), element(y, i))
	}
}

// lesser and greater are NaN where an argument is.
func lesser[T kernel.Float](x, y, z []T) {
	for i := range z {
		z[i] = min(element(x, i), element(y, i))
	}
}

func greater[T kernel.Float](x, y, z []T) {
	for i := range z {
		z[i] = max(element(x, i), element(y, i))
	}
}

// compare writes 1 where the relation holds, else 0.
func compare[T kernel.Float](x, y, z []T, holds func(a, b T) bool) {
	for i := range z {
		a, b := x[0], y[0]
		if len(x) > 1 {
			a = x[i]
		}
		if len(y) > 1 {
			b = y[i]
		}
		z[i] = 0
		if holds(a, b) {
			z[i] = 1
		}
	}
}
