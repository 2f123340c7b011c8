package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Add sets z = x + y, element by element. The three slices have one length; z may be x or y.
func Add[T kernel.Float](x, y, z []T) { apply(inUse[T]().add, threads.PartLight, 0, x, y, z) }

// AddRelu sets z = max(x + y, 0), element by element; a NaN stays a NaN. The three slices have one length; z may be x or y.
func AddRelu[T kernel.Float](x, y, z []T) { apply(inUse[T]().addRelu, threads.PartLight, 0, x, y, z) }

// Mul sets z = x · y, element by element. The three slices have one length; z may be x or y.
func Mul[T kernel.Float](x, y, z []T) { apply(inUse[T]().mul, threads.PartLight, 0, x, y, z) }

// Scale sets x = a x.
func Scale[T kernel.Float](a T, x []T) { apply(inUse[T]().scale, threads.PartLight, a, x, nil, x) }

// ScaleTo sets y = a x. The two slices have one length; y may be x.
func ScaleTo[T kernel.Float](a T, x, y []T) { apply(inUse[T]().scale, threads.PartLight, a, x, nil, y) }

// Axpy sets y = y + a x, the product rounded before the sum. The two slices have one length.
func Axpy[T kernel.Float](a T, x, y []T) { apply(inUse[T]().axpy, threads.PartLight, a, x, nil, y) }

// Fill sets every element of x to a.
func Fill[T kernel.Float](a T, x []T) { apply(inUse[T]().fill, threads.PartLight, a, nil, nil, x) }

// Relu sets y = max(x, 0), element by element; a NaN stays a NaN. The two slices have one length; y may be x.
func Relu[T kernel.Float](x, y []T) { apply(inUse[T]().relu, threads.PartLight, 0, x, nil, y) }

// ReluGrad is the gradient of Relu by its output y: dx = dy where y > 0, else 0. The slices have one length; dx may be dy or y.
func ReluGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().reluGrad, threads.PartLight, 0, y, dy, dx)
}

// Exp sets y = e^x, element by element: within 1 unit in the last place, overflow to +∞, underflow through the subnormal
// numbers to 0. The two slices have one length; y may be x.
func Exp[T kernel.Float](x, y []T) { apply(inUse[T]().exp, threads.PartHeavy, 0, x, nil, y) }

// Sigmoid sets y = 1/(1 + e^−x), element by element: within 3 units in the last place. The two slices have one length; y may
// be x.
func Sigmoid[T kernel.Float](x, y []T) { apply(inUse[T]().sigmoid, threads.PartHeavy, 0, x, nil, y) }

// SigmoidGrad is the gradient of Sigmoid by its output y: dx = dy y (1 − y). The slices have one length; dx may be dy or y.
func SigmoidGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().sigmoidGrad, threads.PartLight, 0, y, dy, dx)
}

// Tanh sets y = tanh x, element by element: within 3 units in the last place. The two slices have one length; y may be x.
func Tanh[T kernel.Float](x, y []T) { apply(inUse[T]().tanh, threads.PartHeavy, 0, x, nil, y) }

// TanhGrad is the gradient of Tanh by its output y: dx = dy (1 − y²). The slices have one length; dx may be dy or y.
func TanhGrad[T kernel.Float](y, dy, dx []T) {
	apply(inUse[T]().tanhGrad, threads.PartLight, 0, y, dy, dx)
}

// mapJob is a mapping over slices that are cut into parts.
type mapJob[T kernel.Float] struct {
	f       mapping[T]
	part    int
	a       T
	x, y, z []T
}

var mapJobs kernel.Stashes[mapJob[float32], mapJob[float64]]

// apply runs f over z, in parts on the pool when there are at least two.
func apply[T kernel.Float](f mapping[T], part int, a T, x, y, z []T) {
	if len(z) < 2*part {
		f(a, x, y, z)
		return
	}
	s := kernel.StashOf[T, mapJob[T]](&mapJobs)
	j := s.Get()
	*j = mapJob[T]{f, part, a, x, y, z}
	threads.Parallel((len(z)+part-1)/part, j)
	*j = mapJob[T]{}
	s.Put(j)
}

// Run does part i.
func (j *mapJob[T]) Run(i int) {
	lo := i * j.part
	hi := min(lo+j.part, len(j.z))
	j.f(j.a, Cut(j.x, lo, hi), Cut(j.y, lo, hi), j.z[lo:hi])
}

// Cut is x[lo:hi], or nil if x is.
func Cut[T kernel.Float](x []T, lo, hi int) []T {
	if x == nil {
		return nil
	}
	return x[lo:hi]
}
