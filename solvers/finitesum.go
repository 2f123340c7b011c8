package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// FiniteSum is an Objective given as Go code, f(w) = 1/n Σ fᵢ(w), in float64:
//
//	obj, err := solvers.NewFiniteSum(n, func(w, g []float64, i int) float64 {
//		d := w[0] - x[i]
//		g[0] += d
//		return d * d / 2
//	}, vector.Param{Name: "mean", Shape: []int{1}})
type FiniteSum struct {
	n      int
	f      func(w, g []float64, i int) float64
	params []vector.Param
	sum    []float64
	vector *vector.Vector
}

// NewFiniteSum makes an objective of n terms over the given parameters. f returns fᵢ(w) and adds ∇fᵢ(w) to g, unless g
// is nil: w and g hold the parameters one after another, row-major, without padding. f must not change w, nor keep
// either.
func NewFiniteSum(n int, f func(w, g []float64, i int) float64, params ...vector.Param) (*FiniteSum, error) {
	switch {
	case n < 1:
		return nil, errors.Errorf("solvers: finite sum of %d terms, want at least 1", n)
	case f == nil:
		return nil, errors.New("solvers: finite sum without a function (nil)")
	case len(params) == 0:
		return nil, errors.New("solvers: finite sum without parameters")
	}
	v, err := vector.New(vector.Float64, params...)
	if err != nil {
		return nil, errors.Wrap(err, "solvers: finite sum")
	}
	return &FiniteSum{n: n, f: f, params: params, vector: v, sum: make([]float64, 2*v.Count())}, nil
}

// Len is n.
func (o *FiniteSum) Len() int { return o.n }

// NewVector makes a zero vector with the ranges of the parameters.
func (o *FiniteSum) NewVector() *vector.Vector { return o.vector.Like() }

// Gradient writes the mean gradient over the terms of b into g and returns their mean.
func (o *FiniteSum) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	half := len(o.sum) / 2
	x, sum := o.gather(w), o.sum[half:]
	clear(sum)
	loss, err := o.evaluate(x, sum, b)
	if err != nil {
		return 0, err
	}
	at := 0
	for _, r := range g.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			g.F64[i] = sum[at] / float64(len(b.Index))
			at++
		}
	}
	return loss, nil
}

// Loss returns the mean of the terms of b.
func (o *FiniteSum) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	return o.evaluate(o.gather(w), nil, b)
}

// evaluate adds the gradients of the terms of b to g and returns their mean.
func (o *FiniteSum) evaluate(w, g []float64, b batch.Batch) (loss float64, err error) {
	if len(b.Index) == 0 {
		return 0, errors.New("solvers: finite sum asked for a batch of no terms")
	}
	for _, i := range b.Index {
		if uint(i) >= uint(o.n) {
			return 0, errors.Errorf("solvers: term %d outside [0, %d)", i, o.n)
		}
		loss += o.f(w, g, int(i))
	}
	return loss / float64(len(b.Index)), nil
}

// gather returns the parameters without the padding between them.
func (o *FiniteSum) gather(w *vector.Vector) []float64 {
	if len(w.Ranges) == 1 {
		return w.F64[w.Ranges[0].Lo:w.Ranges[0].Hi]
	}
	x := o.sum[: 0 : len(o.sum)/2]
	for _, r := range w.Ranges {
		x = append(x, w.F64[r.Lo:r.Hi]...)
	}
	return x
}
