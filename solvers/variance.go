package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// VarianceMeter measures during a run what an estimator is worth: the variance of its estimates against that of
// MiniBatch's, over batches drawn for this alone. The run goes on as if nothing had been measured, but for batches that
// the objective had read ahead.
//
// Best is a figure to look at: AlphaSVRG's Alpha is a schedule, a function of time alone, so that a run can be repeated
// and resumed. An α that follows the gradients is AlphaSVRG's Optimal.
//
// Use it between iterations: after Run.Next, or in a hook of train.OnIteration, which is told the Run.
type VarianceMeter struct {
	Batches int    // how many batches it draws, at least 2; the error of a ratio is about √(4/Batches) of it
	Seed    uint64 // of the batches, together with the run's time
}

// Variance is what a VarianceMeter has found at the run's weights. The variance of a vector is the sum of its
// coordinates'.
type Variance struct {
	Plain    float64 // of ∇f_B(w)
	Estimate float64 // of the estimate
	// Estimate / Plain: below 1 the estimator is better than MiniBatch, at the same number of batches; NaN for 0/0
	Ratio float64
	// the factor on the estimator's correction that would make its variance least: for SVRG the best α
	Best      float64
	Gradients int64 // component gradients that measuring took; they aren't in the run's Info
}

// Previewer is an optional interface of Source: its estimate for a batch can be looked at, as Next would give it with
// the snapshot or table in force.
type Previewer interface {
	// Preview writes ∇f_B(w) into plain and the estimate into estimate, and returns the component gradients used. It
	// changes nothing that Visit shows.
	Preview(w, plain, estimate *vector.Vector, b batch.Batch) (gradients int64, err error)
}

// Measure measures at the run's weights, with batches of the size that comes next. It takes the memory of eight
// gradients while it works. A source that is no Previewer, as of Katyusha, and a run that hasn't taken a step yet are
// errors.
func (m VarianceMeter) Measure(r *Run) (v Variance, err error) {
	if m.Batches < 2 {
		return v, errors.Errorf("solvers: variance of %d batches, want at least 2", m.Batches)
	}
	if r == nil || r.clock[0] == 0 {
		return v, errors.New("solvers: variance of a run that has not taken a step yet")
	}
	source, ok := r.source.(Previewer)
	if !ok {
		return v, errors.Errorf("solvers: the estimates of %s can't be looked at", typeName(r.solver.estimator))
	}
	sampler, err := WithReplacement(int(r.n), r.sampler.Batch(), m.Seed^uint64(r.clock[0])*0x9e3779b97f4a7c15)
	if err != nil {
		return v, err
	}
	plain, estimate := r.g.Like(), r.g.Like()
	ofPlain, ofEstimate, ofDifference := newSpread(r.g), newSpread(r.g), newSpread(r.g)
	for range m.Batches {
		used, err := source.Preview(r.w, plain, estimate, sampler.Next())
		if err != nil {
			return v, errors.Wrap(err, "solvers: variance")
		}
		v.Gradients += used
		ofPlain.add(plain)
		ofEstimate.add(estimate)
		plain.Axpy(-1, estimate)
		ofDifference.add(plain)
	}
	v.Plain, v.Estimate = ofPlain.variance(), ofEstimate.variance()
	v.Ratio = v.Estimate / v.Plain
	if d := ofDifference.variance(); d > 0 {
		// the covariance of ∇f_B with its correction, over the latter's variance
		v.Best = (v.Plain + d - v.Estimate) / (2 * d)
	}
	return v, nil
}

// spread finds the variance of vectors, one after another (Welford 1962).
type spread struct {
	count int
	mean  *vector.Vector
	d     *vector.Vector
	sum   float64 // Σ ‖x − mean‖²
}

func newSpread(like *vector.Vector) *spread { return &spread{mean: like.Like(), d: like.Like()} }

func (s *spread) add(x *vector.Vector) {
	s.count++
	k := float64(s.count)
	s.d.Copy(x)
	s.d.Axpy(-1, s.mean)
	s.mean.Axpy(1/k, s.d)
	s.sum += s.d.Dot(s.d) * (k - 1) / k
}

func (s *spread) variance() float64 { return s.sum / float64(s.count-1) }
