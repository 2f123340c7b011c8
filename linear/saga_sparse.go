package linear

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/glm"
	"github.com/fallline/fallline/internal/kernel/sparse"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// SAGA returns a source that takes SAGA's steps itself, or the table where rows and batches don't suit its loops.
func (o *Objective) SAGA(t *solvers.ResidualTable) solvers.Source { return o.saga(t) }

func (o *model[T]) saga(t *solvers.ResidualTable) solvers.Source {
	if o.sparse != nil && o.k == 1 && t.Sampler.Batch() == 1 {
		return newSparseSAGA(o, t)
	}
	// A batch with an example twice is left to the table: it changes once.
	if _, once := t.Sampler.(solvers.Ordered); once && o.sparse == nil {
		return newDenseSAGA(o, t)
	}
	return t
}

// sparseSAGA is SAGA with batches of one on sparse rows, at the cost of their nonzeros.
type sparseSAGA[T kernel.Float] struct {
	*solvers.ResidualTable
	loop  sparse.SAGA[T]
	index []int32
}

func newSparseSAGA[T kernel.Float](o *model[T], t *solvers.ResidualTable) *sparseSAGA[T] {
	return &sparseSAGA[T]{
		ResidualTable: t,
		loop: sparse.SAGA[T]{
			Rows: o.sparse, Loss: glm.Loss(o.kind), Y: o.y, Table: t.Residuals, Intercept: o.intercept,
		},
		index: make([]int32, 1024),
	}
}

// Takes says whether the steps are plain ones, with L2, and with the proximal operator of an elastic net on the
// weights.
func (s *sparseSAGA[T]) Takes(terms *solvers.Terms) (bool, error) {
	weight := terms.Range[0]
	takes := terms.Plain()
	if weight.Prox != nil {
		_, ok := weight.Prox.(solvers.Thresholder)
		takes = takes && ok
	}
	if s.loop.Intercept {
		bias := terms.Range[1]
		takes = takes && bias.Prox == nil && bias.Rate == weight.Rate
	}
	return takes, nil
}

// Advance does all steps.
func (s *sparseSAGA[T]) Advance(w *vector.Vector, terms *solvers.Terms, t schedules.Time, steps int) (info solvers.Info, err error) {
	if info.Gradients, err = s.Fill(w); err != nil {
		return info, err
	}
	if err := s.set(w, terms); err != nil {
		return info, err
	}
	for info.Steps < steps && err == nil {
		index := singles(s.Sampler, s.index[:min(len(s.index), steps-info.Steps)])
		n := s.loop.Run(index)
		if info.Steps += n; n < len(index) {
			err = s.diverged(w, index[n], t.Step+int64(info.Steps))
		}
	}
	s.loop.Finish()
	if s.loop.Intercept {
		w.Set(w.Ranges[1].Lo, s.loop.Bias)
		s.Mean.Set(w.Ranges[1].Lo, s.loop.BiasMean)
	}
	info.Examples = info.Steps
	info.Gradients += int64(info.Steps)
	info.Loss = s.loop.Sum / float64(max(info.Steps, 1))
	return info, err
}

// diverged is the error of an example whose residual or loss isn't finite.
func (s *sparseSAGA[T]) diverged(w *vector.Vector, example int32, iteration int64) error {
	d := &solvers.Diverged{Quantity: solvers.Loss, Value: s.loop.BadLoss, Iteration: iteration}
	if r := s.loop.BadResidual; r-r != 0 {
		d.Quantity, d.Parameter, d.Value = solvers.Gradient, w.Ranges[0].Name, r
		if col, _ := s.loop.Rows.Row(example); len(col) > 0 {
			d.Element = int(col[0])
		}
	}
	return errors.WithMessagef(d, "example %d", example)
}

// set points the loop at weights and terms.
func (s *sparseSAGA[T]) set(w *vector.Vector, terms *solvers.Terms) error {
	l, t := &s.loop, terms.Range[0]
	l.V, _ = split[T](w)
	l.Mean, _ = split[T](s.Mean)
	l.Rate, l.Lambda, l.Soft, l.Ridge = t.Rate, t.L2+t.Decay, 0, 0
	if p, ok := t.Prox.(solvers.Thresholder); ok {
		l.Soft, l.Ridge = p.Threshold()
	}
	if l.Rate*l.Lambda >= 1 {
		return errors.Errorf("rate %v times λ %v is 1 or more: the weights would not shrink but turn over", l.Rate, l.Lambda)
	}
	if l.Intercept {
		at := w.Ranges[1].Lo
		l.Bias, l.BiasMean, l.BiasLambda = w.At(at), s.Mean.At(at), terms.Range[1].L2+terms.Range[1].Decay
	}
	l.Begin()
	return nil
}

// singles draws up to len(to) batches of one example, in one piece where the sampler has them.
func singles(s solvers.Sampler, to []int32) []int32 {
	if o, ok := s.(solvers.Ordered); ok {
		return o.Draw(len(to))
	}
	for i := range to {
		to[i] = s.Next().Index[0]
	}
	return to
}
