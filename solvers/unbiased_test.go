package solvers

import (
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// script is a Sampler that draws given batches.
type script struct {
	n       int
	batches [][]int32
	position
}

func (s *script) Len() int   { return s.n }
func (s *script) Batch() int { return len(s.batches[0]) }

func (s *script) Peek() batch.Batch {
	return batch.Batch{Index: s.batches[min(int(s.position[0]), len(s.batches)-1)]}
}

func (s *script) Next() batch.Batch {
	b := s.Peek()
	s.position[0]++
	return b
}

// TestWhoIsUnbiased enumerates all batches of 2 of 5 examples after 11 iterations, when snapshots and tables are old:
// the mean of the estimates is the full gradient, or it isn't where the estimator is said to be biased.
func TestWhoIsUnbiased(t *testing.T) {
	const n, before = 5, 11
	biased := map[string]bool{
		"SAG": true, "SAG filled": true, "SAG of blocks": true, "SARAH": true, "PAGE": true, "STORM": true,
		"STORM given a": true,
	}
	var past [][]int32
	for k := range before {
		past = append(past, []int32{int32(3 * k % n), int32((k + 1) * (k + 2) % n)})
	}
	for _, e := range estimators {
		if e.name == "PAGE often" || e.name == "SARAH+" { // these take the full gradient after the 11 iterations
			continue
		}
		obj := newSquares(vector.Float64, n, 3)
		sum, count := make([]float64, 4), 0.0
		var full []float64
		for i := range int32(n) {
			for j := range int32(n) {
				sampler := &script{n: n, batches: append(past[:before:before], []int32{i, j})}
				run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.1)), e.from()), e.hide(obj), []float64{1, -1, 1, 0}, sampler)
				next(t, run, before)
				full, _ = obj.meanGradient(values(run.Weights()), everything(n), 0)
				sampler.position[0] = before
				next(t, run, 1)
				sum = plus(sum, 1, values(run.Gradient()))
				count++
			}
		}
		off := distance(plus(make([]float64, 4), 1/count, sum), full)
		if biased[e.name] && off < 1e-6 {
			t.Errorf("%s: the mean is off by %v only: it is unbiased here", e.name, off)
		}
		if !biased[e.name] && !(off < 1e-13) {
			t.Errorf("%s: the mean is off by %v", e.name, off)
		}
	}
}

// TestAtTheSnapshot holds what an estimate is where the snapshot was taken or the table filled: the full gradient
// whatever the batch, but that AlphaSVRG is (1−α) g_B + α ∇f there.
func TestAtTheSnapshot(t *testing.T) {
	for _, c := range []struct {
		name  string
		alpha float64
	}{
		{"SVRG", 1}, {"SVRG random", 1}, {"LSVRG", 1}, {"AlphaSVRG optimal", 1}, {"SAGA filled", 1}, {"SAGA of blocks filled", 1},
		{"SAG filled", 1}, {"SARAH", 1}, {"PAGE", 1}, {"AlphaSVRG", fadeAt(0)}, {"MiniBatch", 0},
	} {
		e := estimatorNamed(c.name)
		for seed := range uint64(5) {
			obj := newSquares(vector.Float64, 45, 6)
			w := []float64{1, -1, 1, -1, 1, -1, 0}
			sampler := must[Sampler](t)(WithReplacement(45, 2, seed))
			batch, _ := obj.meanGradient(w, sampler.Peek().Index, 0)
			full, _ := obj.meanGradient(w, everything(45), 0)
			want := plus(plus(make([]float64, 7), 1-c.alpha, batch), c.alpha, full)
			run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.1)), e.from()), e.hide(obj), w, sampler)
			next(t, run, 1)
			if d := distance(values(run.Gradient()), want); !(d <= 1e-14) {
				t.Errorf("%s: seed %d: off by %v", c.name, seed, d)
			}
		}
	}
	one := AlphaSVRG{Passes: 1, Alpha: 1}
	a, b := newSquares(vector.Float64, 45, 6), newSquares(vector.Float64, 45, 6)
	w := []float64{1, -1, 1, -1, 1, -1, 0}
	x := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), From(one)), a, w, must[Sampler](t)(Reshuffled(45, 7, 1)))
	y := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.05)), From(SVRG{Passes: 1})), b, w, must[Sampler](t)(Reshuffled(45, 7, 1)))
	next(t, x, 40)
	next(t, y, 40)
	if d := distance(values(x.Weights()), values(y.Weights())); d != 0 {
		t.Errorf("AlphaSVRG of 1 and SVRG are apart by %v", d)
	}
}
