package solvers_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Smoothed is a running mean of the batches' gradients:
//
//	g ← β g + (1−β) ∇f_B(w), beginning with ∇f_B(w)
//
// It is biased, since it lags behind w, and has (1−β)/(1+β) of MiniBatch's variance. An iteration takes b component
// gradients. Memory: one more gradient.
type Smoothed struct {
	Beta float64 // β, in [0, 1)
}

// Validate returns an error for an illegal β.
func (s Smoothed) Validate() error {
	if legal := solvers.HalfOpen(0, 1); !legal.Has(s.Beta) {
		return errors.Errorf("Smoothed: beta %v outside %v", s.Beta, legal)
	}
	return nil
}

// Memory is that of a gradient.
func (Smoothed) Memory(obj solvers.Objective, _ int) int64 { return obj.NewVector().Bytes() }

// Open begins a run.
func (s Smoothed) Open(obj solvers.Objective, sampler solvers.Sampler) (solvers.Source, error) {
	ahead, _ := obj.(solvers.Prefetcher)
	return &smoothed{beta: s.Beta, obj: obj, ahead: ahead, sampler: sampler, mean: obj.NewVector()}, nil
}

type smoothed struct {
	beta    float64
	obj     solvers.Objective
	ahead   solvers.Prefetcher // nil where the objective doesn't read ahead
	sampler solvers.Sampler
	mean    *vector.Vector
	done    [1]int64 // iterations
}

func (s *smoothed) Next(w, g *vector.Vector, _ schedules.Time) (info solvers.Info, err error) {
	b := s.sampler.Next()
	if s.ahead != nil {
		s.ahead.Prefetch(s.sampler.Peek())
	}
	b.MoveStats = true
	if info.Loss, err = s.obj.Gradient(w, g, b); err != nil {
		return info, err
	}
	if s.done[0] > 0 {
		g.Scale(1 - s.beta)
		g.Axpy(s.beta, s.mean)
	}
	s.mean.Copy(g)
	s.done[0]++
	info.Examples, info.Gradients = len(b.Index), int64(len(b.Index))
	return info, nil
}

// Visit shows the mean and the counters.
func (s *smoothed) Visit(visit func(name string, array any)) {
	visit("smoothed.done", s.done[:])
	solvers.VisitVector("smoothed.mean", s.mean, visit)
	s.sampler.Visit(visit)
}

func ExampleEstimator() {
	data := mean{1, 2, 3, 6}
	for _, beta := range []float64{0.9, 1} {
		solver, err := solvers.New(solvers.SGD{}, solvers.From(Smoothed{Beta: beta}), solvers.Rate(schedules.Exponential(0.02, 0.99, 1)))
		if err != nil {
			fmt.Println(err)
			continue
		}
		sampler, err := solvers.Reshuffled(len(data), 1, 1)
		if err != nil {
			fmt.Println(err)
		}
		w := data.NewVector()
		run, err := solver.Open(data, w, sampler)
		if err != nil {
			fmt.Println(err)
		}
		if _, err := run.Advance(600); err != nil {
			fmt.Println(err)
		}
		fmt.Println("near the mean:", math.Abs(w.F64[0]-3) < 0.1)
	}
	// Output:
	// near the mean: true
	// Smoothed: beta 1 outside [0, 1)
}
