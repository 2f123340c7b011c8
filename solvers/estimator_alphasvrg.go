package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// AlphaSVRG is SVRG with a coefficient on its correction, for deep nets, where the gradients of a batch at w and at the
// snapshot w̃ soon have little to do with each other, so that the whole correction adds more variance than it takes
// away:
//
//	g = ∇f_B(w) − α (∇f_B(w̃) − ∇f(w̃))
//
// The estimate is unbiased for any α. α = 1 is SVRG, with its rate and its step; α = 0 is MiniBatch. With α < 1 a noise
// floor remains: at the minimum the variance is (1−α)² of MiniBatch's. The paper lets α fall linearly from 0.5 to 0
// over the training:
//
//	solvers.From(solvers.AlphaSVRG{Passes: 1, Alpha: 0.5}),
//	solvers.Schedule("alpha", schedules.Linear(0.5, 0, schedules.Epochs(30)))
//
// A snapshot is taken each m = ⌈Passes·n/b⌉ iterations; the paper takes one an epoch. Cost, draws and memory are those
// of SVRG; two more gradients with Optimal.
//
// Yin, Xu, Liang, Darrell & Liu 2023, α-SVRG; Optimal is after their optimal coefficient.
type AlphaSVRG struct {
	Passes float64 // length of a period in passes over the data, above 0
	Alpha  float64 // α, in [0, 1]

	// Optimal, in (0, 1), takes the place of Alpha by an α for each coordinate that minimises its variance,
	//
	//	α = Cov(∇f_B(w), ∇f_B(w̃)) / Var(∇f_B(w̃)),
	//
	// cut to [0, 1]. Both are estimated as moving averages over the batches since the snapshot, of which each step
	// keeps this part: 0.9 is usual. α depends on earlier batches alone, so that g stays unbiased; until there are any
	// it is 1. The paper computes both over all batches, which takes a pass over the data.
	Optimal float64
}

// Hyper is α, unless Optimal finds it.
func (s AlphaSVRG) Hyper() []Hyper {
	if s.Optimal != 0 {
		return nil
	}
	return []Hyper{{Field: "Alpha", Legal: Closed(0, 1)}}
}

// Validate returns an error for an illegal length, an illegal Optimal, and one beside α.
func (s AlphaSVRG) Validate() error {
	legal := Interval{Lo: 0, Hi: 1, OpenLo: true, OpenHi: true}
	switch {
	case s.Optimal == 0:
	case s.Alpha != 0:
		return errors.New("solvers: AlphaSVRG: both Alpha and Optimal")
	case !legal.Has(s.Optimal):
		return errors.Errorf("solvers: AlphaSVRG: optimal %v outside %v", s.Optimal, legal)
	}
	return checkPasses("AlphaSVRG", s.Passes)
}

// Memory is that of three gradients, and five with Optimal.
func (s AlphaSVRG) Memory(obj Objective, _ int) int64 {
	vectors := int64(anchoredVectors)
	if s.Optimal > 0 {
		vectors += 2
	}
	return vectors * obj.NewVector().Bytes()
}

// Open begins a run.
func (s AlphaSVRG) Open(obj Objective, sampler Sampler) (Source, error) {
	p, err := newPeriods(s.Passes, sampler)
	if err != nil {
		return nil, err
	}
	a := &alphaSVRG{anchored: newAnchored(obj, sampler), periods: p}
	if s.Optimal == 0 {
		return a, nil
	}
	a.decay, a.covariance, a.variance = s.Optimal, obj.NewVector(), obj.NewVector()
	a.sweep = sweep{a.other.Len(), a.combine}
	return a, nil
}

type alphaSVRG struct {
	anchored
	periods
	alpha float64

	// With Optimal.
	decay                float64
	covariance, variance *vector.Vector // moving averages, up to a common factor
	sweep                sweep
	g                    *vector.Vector // what the sweep works on
}

// Tune sets α.
func (s *alphaSVRG) Tune(values []float64) { s.alpha = values[0] }

func (s *alphaSVRG) Next(w, g *vector.Vector, t schedules.Time) (info Info, err error) {
	if s.variance != nil && s.left[0] == 0 {
		s.covariance.Zero()
		s.variance.Zero()
	}
	b, after, full, err := s.begin(&s.periods, w)
	if err != nil {
		return info, err
	}
	if info.Loss, err = s.pair(w, g, b, after); err != nil {
		return info, err
	}
	if s.variance == nil {
		g.Axpy(-s.alpha, s.other)
		g.Axpy(s.alpha, s.mean)
	} else {
		s.g = g
		s.sweep.run()
		if err := s.overflow(g, t.Step); err != nil {
			return info, err
		}
	}
	info.Examples = len(b.Index)
	info.Gradients = full + 2*int64(len(b.Index))
	return info, nil
}

// combine makes the estimate with the optimal α for elements lo to hi−1.
func (s *alphaSVRG) combine(lo, hi int) {
	vector.ByType(s.g.Type(), combine[float32], combine[float64])(s, lo, hi)
}

func combine[T kernel.Float](s *alphaSVRG, lo, hi int) {
	optimal(vector.Of[T](s.g)[lo:hi], vector.Of[T](s.other)[lo:hi], vector.Of[T](s.mean)[lo:hi],
		vector.Of[T](s.covariance)[lo:hi], vector.Of[T](s.variance)[lo:hi], T(s.decay))
}

// optimal makes g − α (other − mean) of g, and then counts it in the averages. Since other − mean is 0 in the mean, the
// covariance is the mean of its product with g minus any constant; minus mean, it is least noisy near the snapshot.
func optimal[T kernel.Float](g, other, mean, covariance, variance []T, decay T) {
	other, mean, covariance, variance = other[:len(g)], mean[:len(g)], covariance[:len(g)], variance[:len(g)]
	for i, x := range g {
		d := other[i] - mean[i]
		alpha := T(1)
		if v := variance[i]; v > 0 {
			alpha = min(max(covariance[i]/v, 0), 1)
		}
		g[i] = x - alpha*d
		covariance[i] = decay*covariance[i] + (1-decay)*(x-mean[i])*d
		variance[i] = decay*variance[i] + (1-decay)*d*d
	}
}

// overflow returns an error where an average has overflowed, which would have α be 0 or 1 from then on whatever the
// gradients are. The averages begin anew.
func (s *alphaSVRG) overflow(g *vector.Vector, iteration int64) error {
	bad := badNumber(State, "alphasvrg.variance", s.variance, iteration)
	if bad == nil {
		bad = badNumber(State, "alphasvrg.covariance", s.covariance, iteration)
	}
	if bad == nil {
		return nil
	}
	s.covariance.Zero()
	s.variance.Zero()
	if err := finiteVector(Gradient, "", g, iteration); err != nil {
		return err
	}
	return errors.WithStack(bad)
}

// Visit shows the snapshot with its gradient, what is left of the period, the averages of Optimal, and the sampler's
// counter.
func (s *alphaSVRG) Visit(visit func(name string, array any)) {
	visit("alphasvrg.left", s.left[:])
	if s.variance != nil {
		VisitVector("alphasvrg.covariance", s.covariance, visit)
		VisitVector("alphasvrg.variance", s.variance, visit)
	}
	s.visit("alphasvrg", visit)
}

// Preview of AlphaSVRG is that of SVRG: the best factor on its correction is then the best α.
func (s *alphaSVRG) Preview(w, plain, estimate *vector.Vector, b batch.Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Wholes says that all iterations see the sampler's batch.
func (AlphaSVRG) Wholes(Objective, Sampler) (func(int64) bool, bool) { return nil, true }
