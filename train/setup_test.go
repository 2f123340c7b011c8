package train

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

var background = context.Background()

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// blobs is a set that a linear model can learn.
func blobs(n int) *datasets.Examples { return must(datasets.Blobs(n, 3, 4, 0.3, 1)) }

func solver(options ...solvers.Option) *solvers.Solver {
	rate := schedules.Cosine(0.5, 0.01, 60)
	return must(solvers.New(solvers.NAG{Momentum: 0.9}, append([]solvers.Option{solvers.Rate(rate)}, options...)...))
}

func sgd(rate float64) *solvers.Solver {
	return must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(rate))))
}

func bits(v *vector.Vector) []float64 {
	x := make([]float64, v.Len())
	for i := range x {
		x[i] = v.At(i)
	}
	return x
}

// testedAfter is how many iterations were done before each test.
func testedAfter(h *History) []int64 {
	var at []int64
	for _, x := range h.Tests {
		at = append(at, x.Iteration)
	}
	return at
}

// checkGoroutines waits for the goroutines that a training has begun to end.
func checkGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines left", runtime.NumGoroutine()-before)
}
