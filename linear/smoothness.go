package linear

import (
	"math"

	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Smoothness returns the constants L of the gradients of f, without a regulariser; λ of L2 adds to each.
//
//	max  = c · max_i ‖x_i‖²       every f_i is max-smooth: steps of SAGA, SVRG and the like follow from it
//	mean = c · 1/n Σ ‖x_i‖²       and f is so, at worst
//
// c bounds the second derivative of the loss: 1/4 for Logistic, 1 for Squared, 1/2 for Softmax. An intercept counts as
// a column of ones. They are the constants of scikit-learn's sag and saga, but for Softmax, where it takes 1/4; 1/2 is
// the bound of Böhning 1992.
func (o *Objective) Smoothness() (largest, mean float64) {
	largest, mean = o.squares()
	if o.model.Intercept {
		largest, mean = largest+1, mean+1
	}
	c := o.model.Loss.curvature()
	return c * largest, c * mean
}

// FullSmoothness returns a constant L of the gradient of f itself, c · λ_max(XᵀX/n), by power iteration until a step
// gains less than 1 in 10,000, and 1 in 1,000 on top. It can be far below those of Smoothness, and is what full
// gradients and large batches go by. iterations bounds the products with XᵀX, each of which costs as much as a
// gradient; 20 are usually enough.
func (o *Objective) FullSmoothness(iterations int) (float64, error) {
	if iterations < 1 {
		return 0, errors.Errorf("linear: power iteration of %d steps, want at least 1", iterations)
	}
	v, u := o.NewVector(), o.NewVector()
	startPower(v)
	last := 0.0
	for range iterations {
		v.Scale(1 / v.Norm())
		o.gram(v, u)
		v, u = u, v
		now := v.Norm()
		if now == 0 || math.IsNaN(now) {
			return 0, nil
		}
		// The norm climbs to the eigenvalue; what is left to climb shrinks from step to step.
		if now-last < 1e-4*now {
			last = now
			break
		}
		last = now
	}
	return o.model.Loss.curvature() * last * 1.001, nil
}

// startPower sets v to a vector that no structure in data makes orthogonal to a leading eigenvector: columns with
// different signs and sizes.
func startPower(v *vector.Vector) {
	x := uint64(1)
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			x = x*6364136223846793005 + 1442695040888963407
			v.Set(i, 0.5+float64(x>>11)/(1<<53))
		}
	}
}

// squares returns max ‖x‖² and its mean.
func (o *model[T]) squares() (largest, mean float64) {
	n := o.examples()
	for i := range n {
		row := o.row(i)
		sum := pointwise.Dot(row, row)
		largest = max(largest, sum)
		mean += sum
	}
	return largest, mean / float64(n)
}

// row returns the numbers of a row, where it is sparse the nonzero ones.
func (o *model[T]) row(i int) []T {
	if o.sparse != nil {
		_, val := o.sparse.Row(int32(i))
		return val
	}
	return o.dense[i*o.d : (i+1)*o.d]
}
