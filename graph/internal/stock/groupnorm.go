package stock

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
)

// groupNormKernel is the kernel that gives each group of channels of an example mean 0 and variance 1,
//
//	y = (x − μ) / √(σ² + ε).
//
// Gorgonia's own is wrong for groups of more than 128 elements, and its gradient prints.
func groupNormKernel[T kernel.Float](groups int, eps float64) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		n := groupSize(in[0], groups)
		for lo := 0; lo < len(x); lo += n {
			mean, scale := moments(x[lo:lo+n], eps)
			for i, v := range x[lo : lo+n] {
				y[lo+i] = T((float64(v) - mean) * scale)
			}
		}
	}
}

// groupNormGradKernel is the kernel of its gradient, by the argument and the result's gradient; means are over the
// group:
//
//	dx = (dy − mean dy − y mean(y dy)) / √(σ² + ε)
func groupNormGradKernel[T kernel.Float](groups int, eps float64) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, dy, dx := tensors.Elements[T](in[0]), tensors.Elements[T](in[1]), tensors.Elements[T](out)
		want("gradient", len(dy), len(x))
		n := groupSize(in[0], groups)
		for lo := 0; lo < len(x); lo += n {
			mean, scale := moments(x[lo:lo+n], eps)
			var a, b float64
			for i, v := range x[lo : lo+n] {
				d := float64(dy[lo+i])
				a += d
				b += d * (float64(v) - mean) * scale
			}
			a, b = a/float64(n), b/float64(n)
			for i, v := range x[lo : lo+n] {
				dx[lo+i] = T((float64(dy[lo+i]) - a - (float64(v)-mean)*scale*b) * scale)
			}
		}
	}
}

// groupSize is how many elements a group of an example has: they lie one after another.
func groupSize(x gorgonia.Value, groups int) int {
	s := x.Shape()
	if groups < 1 || s[1]%groups != 0 {
		panic("the channels don't divide into the groups")
	}
	return s[1:].TotalSize() / groups
}

// moments are the mean and 1/√(σ² + ε).
func moments[T kernel.Float](x []T, eps float64) (mean, scale float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	variance := 0.0
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, 1 / math.Sqrt(variance/float64(len(x))+eps)
}
