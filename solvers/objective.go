package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// Objective is a function to minimise that is a mean over examples, f(w) = 1/n Σ fᵢ(w), such as the loss of a model on
// a data set. Any w of the shape of NewVector may be asked for, in any order. An Objective serves one goroutine at a
// time.
type Objective interface {
	// Len is n.
	Len() int
	// NewVector makes a zero vector with the ranges of the weights: for weights, gradients and what an estimator keeps.
	NewVector() *vector.Vector
	// Gradient writes 1/|b| Σ ∇fᵢ(w) over the examples of b into g, overwriting it, and returns their mean loss.
	Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error)
	// Loss returns the mean loss alone.
	Loss(w *vector.Vector, b batch.Batch) (float64, error)
}

// Prefetcher is an optional interface of Objective: it can read a batch ahead. Estimators announce, before each call of
// Gradient, the batch that the call after it is going to ask for, with the same Index and Draw. The announced Index
// stays valid until that call returns.
type Prefetcher interface {
	Prefetch(batch.Batch)
}

// LinearObjective is an optional interface of Objective: its examples enter through a linear map: fᵢ(w) = ℓᵢ(zᵢ) with k
// outputs zᵢ = W xᵢ, and perhaps an intercept. Its gradient is the outer product of a residual ∂ℓᵢ/∂zᵢ, k numbers, with
// xᵢ, so that a table of all component gradients takes n×k numbers.
type LinearObjective interface {
	Objective
	// Outputs is k.
	Outputs() int
	// Residuals writes ∂ℓᵢ/∂zᵢ at w for the examples of b into r, |b|×k row-major, and returns their mean loss.
	Residuals(w *vector.Vector, b batch.Batch, r []float64) (loss float64, err error)
	// AddOuter adds Σ r_j xᵢ over the examples of b, the j-th with row j of r: g ← g + Xᵀ r. There is no mean in it.
	AddOuter(g *vector.Vector, b batch.Batch, r []float64) error
}

// Random is an optional interface of Objective: its examples may change with Batch.Draw, as under augmentation and
// dropout.
type Random interface {
	// Random says whether they do.
	Random() bool
}

// PerhapsLinear is an optional interface of Objective: it may turn out to be linear, as that of a model whose graph is.
type PerhapsLinear interface {
	// Linear returns the same objective as a linear one.
	Linear() (LinearObjective, bool)
}

// asLinear returns an objective as a linear one where it is.
func asLinear(obj Objective) (LinearObjective, bool) {
	if linear, ok := obj.(LinearObjective); ok {
		return linear, true
	}
	if perhaps, ok := obj.(PerhapsLinear); ok {
		return perhaps.Linear()
	}
	return nil, false
}
