package instruments

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Curvature finds how sharp the loss is at some weights: the greatest eigenvalue λ of the Hessian H of the mean loss,
// by power iteration,
//
//	v ← Hv/‖Hv‖, λ = vᵀHv    with Hv ≈ (∇f(w + εv) − ∇f(w − εv))/(2ε)
//
// Gradient descent with a constant rate η is stable around a minimum where λ < 2/η. Power iteration finds the
// eigenvalue of the greatest magnitude; where that is negative, as at a saddle, it goes on with H shifted by it, so
// that λ is the greatest one all the same.
//
// The differences are central: their error falls with ε², and what rounding adds rises with 1/ε. So does what the kinks
// of ReLU and maximum pooling add, of which a short way meets few and a long one an average: the default ε is as short
// as float32 takes and long enough for those. A smooth loss in float64 takes 1e-5.
//
// The loss is the training graph's, with dropout as at one draw and batch norm over pieces of 512 examples, whose
// running statistics stay. L2 that the solver adds isn't in it: it adds its coefficient to λ. An iteration takes two
// gradients over all the examples, and the memory of four vectors.
//
// Yao, Gholami, Keutzer & Mahoney 2020, PyHessian, section III, with differences in the place of a second backward
// pass.
type Curvature struct {
	Examples   int // how many of the objective's examples the loss is of, the same ones for the same seed; 0: all
	Iterations int // at most, of each of the two searches; at least 1
	// above 0; ends a search when λ changes by this part of it at most, and the residual is below λ/4
	Tolerance float64
	Epsilon   float64 // ε; 0: 0.01, or ‖w‖/10,000 where that is more
	Seed      uint64  // of the examples and of the first v
}

// DefaultCurvature has λ to about one part in a hundred on most models.
var DefaultCurvature = Curvature{Iterations: 100, Tolerance: 1e-3}

// Sharpness is what a Curvature has found.
type Sharpness struct {
	Eigenvalue float64        // λ, the greatest eigenvalue
	Extreme    float64        // the eigenvalue of the greatest magnitude: λ, unless it is negative
	Residual   float64        // ‖Hv − λv‖, within which of λ there is an eigenvalue
	Converged  bool           // whether the tolerance was reached
	Iterations int            // products Hv
	Gradients  int64          // gradients of single examples
	Vector     *vector.Vector // v, of length 1
}

// Measure finds the greatest eigenvalue at the weights w, which stay as they are. It ends early with the context's
// error.
func (c Curvature) Measure(ctx context.Context, obj solvers.Objective, w *vector.Vector) (s Sharpness, err error) {
	index, err := c.check(ctx, obj, w)
	if err != nil {
		return s, errors.WithMessage(err, "instruments: curvature")
	}
	h := &hessian{
		mean: mean{ctx: ctx, obj: solvers.Wrapped{Objective: obj}, index: index},
		w:    w, at: w.Like(), ahead: w.Like(), epsilon: c.epsilon(w),
	}
	s, err = c.search(h)
	return s, errors.WithMessage(err, "instruments: curvature")
}

// check validates the settings and chooses the examples.
func (c Curvature) check(ctx context.Context, obj solvers.Objective, w *vector.Vector) ([]int32, error) {
	if err := checkMeasured(ctx, obj, w); err != nil {
		return nil, err
	}
	switch {
	case c.Iterations < 1:
		return nil, errors.Errorf("%d iterations, want at least 1", c.Iterations)
	case !(c.Tolerance > 0) || math.IsInf(c.Tolerance, 1):
		return nil, errors.Errorf("tolerance %v outside (0, Inf)", c.Tolerance)
	case !(c.Epsilon >= 0) || math.IsInf(c.Epsilon, 1):
		return nil, errors.Errorf("epsilon %v outside [0, Inf)", c.Epsilon)
	}
	return someExamples(obj, c.Examples, c.Seed)
}

// epsilon is the length of the differences.
func (c Curvature) epsilon(w *vector.Vector) float64 {
	if c.Epsilon > 0 {
		return c.Epsilon
	}
	return max(0.01, 1e-4*w.Norm())
}

// search finds the eigenvalue of the greatest magnitude, and where it is negative the greatest one.
func (c Curvature) search(h *hessian) (Sharpness, error) {
	s, err := c.power(h, 0)
	s.Extreme = s.Eigenvalue
	if err == nil && s.Eigenvalue < 0 {
		first := s
		s, err = c.power(h, first.Eigenvalue)
		s.Extreme = first.Eigenvalue
		s.Iterations += first.Iterations
		s.Converged = s.Converged && first.Converged
	}
	s.Gradients = h.used
	return s, err
}

// power is power iteration on H − shift·I. The eigenvalue that it returns is H's own.
func (c Curvature) power(h *hessian, shift float64) (s Sharpness, err error) {
	v, product := h.w.Like(), h.w.Like()
	if err := randomise(v, c.Seed+1); err != nil {
		return s, err
	}
	last := math.Inf(1)
	for s.Iterations < c.Iterations && !s.Converged {
		if err := h.times(v, product); err != nil {
			return s, err
		}
		s.Iterations++
		s.Eigenvalue = v.Dot(product)
		product.Axpy(-shift, v)
		length := product.Norm()
		if math.IsNaN(length) || math.IsInf(length, 0) {
			return s, errors.Errorf("the loss has no finite curvature: ‖Hv‖ is %v after %d iterations", length, s.Iterations)
		}
		shifted := s.Eigenvalue - shift
		s.Residual = math.Sqrt(max(0, length*length-shifted*shifted)) // v has length 1
		s.Converged = length == 0 || math.Abs(shifted-last) <= c.Tolerance*math.Abs(shifted) && s.Residual < math.Abs(shifted)/4
		last = shifted
		if !s.Converged && s.Iterations < c.Iterations {
			v.Copy(product)
			v.Scale(1 / length)
		}
	}
	s.Vector = v
	return s, nil
}

// hessian multiplies vectors with the Hessian at w.
type hessian struct {
	mean
	w, at, ahead *vector.Vector
	epsilon      float64
}

// times writes Hv into product.
func (h *hessian) times(v, product *vector.Vector) error {
	h.at.Copy(h.w)
	h.at.Axpy(h.epsilon, v)
	if _, err := h.gradient(h.at, h.ahead); err != nil {
		return err
	}
	h.at.Copy(h.w)
	h.at.Axpy(-h.epsilon, v)
	if _, err := h.gradient(h.at, product); err != nil {
		return err
	}
	product.Scale(-1)
	product.Axpy(1, h.ahead)
	product.Scale(1 / (2 * h.epsilon))
	return nil
}

// randomise makes v a vector of length 1 in a random direction.
func randomise(v *vector.Vector, seed uint64) error {
	r := rand.New(rand.NewPCG(seed, 0))
	for _, p := range v.Ranges {
		for i := p.Lo; i < p.Hi; i++ {
			v.Set(i, r.NormFloat64())
		}
	}
	length := v.Norm()
	if length == 0 {
		return errors.New("the weights have no elements")
	}
	v.Scale(1 / length)
	return nil
}
