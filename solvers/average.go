package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Averaging says how a run averages its weights. The average doesn't act on the iterates: it is another solution, often
// a better one, of a run at a constant or slowly falling rate. After the k-th step the average moves to
//
//	w̄ ← w̄ + cₖ (w − w̄)
type Averaging interface {
	// Share is cₖ, in [0, 1], for k from 1 on. It is 1 for the first weights.
	Share(k int64) float64
	// String names the averaging with its settings.
	String() string
}

// Average has runs keep an average of the weights, for Run.Solution to return. It takes the memory of one more vector,
// which is updated while a step has the weights in cache. The weights are those that gradients are taken at: of a rule
// such as NAG the look-ahead points.
//
// On float32 models the average is float32, too: shares below 10⁻⁷, as after 10⁷ steps of PolyakRuppert, are lost in
// rounding.
func Average(a Averaging) Option {
	return func(s *Solver) error {
		switch {
		case a == nil:
			return errors.New("solvers: no averaging (nil)")
		case s.averaging != nil:
			return errors.New("solvers: averaging given twice")
		}
		s.averaging = a
		return validate(a)
	}
}

// shareAt is the part that the weights after the k-th step have in the average.
func (s *Solver) shareAt(k int64) (float64, error) {
	if s.averaging == nil {
		return 0, nil
	}
	c := s.averaging.Share(k)
	if legal := Closed(0, 1); !legal.Has(c) {
		return 0, errors.Errorf("solvers: %v: share %v outside %v after step %d", s.averaging, c, legal, k)
	}
	return c, nil
}

// average moves a part of the average towards the weights w.
func average[T kernel.Float](mean, w []T, share float64) {
	if share == 1 {
		copy(mean, w)
		return
	}
	pointwise.Scale(T(1-share), mean)
	pointwise.Axpy(T(share), w, mean)
}

// averageAll is average for all weights, after a step that a Method took.
func (r *Run) averageAll(share float64) {
	if r.mean == nil {
		return
	}
	vector.ByType(r.w.Type(), averageOf[float32], averageOf[float64])(r.mean, r.w, share)
}

func averageOf[T kernel.Float](mean, w *vector.Vector, share float64) {
	average(vector.Of[T](mean), vector.Of[T](w), share)
}
