package train

import (
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// TestSolution holds that tests are of the average, that it stands in the vector and in the model in the end, and that
// the training doesn't notice.
func TestSolution(t *testing.T) {
	d := blobs(60)
	averaged := func() *solvers.Solver {
		return solver(solvers.Average(solvers.EMA{Decay: 0.95}))
	}
	plain := newLinear(vector.Float64, d.Shape(), 4)
	must(Fit(background, plain, d, solver(), Epochs(3), Batch(7), Seed(1)))
	for _, options := range [][]Option{{Test(d)}, nil} {
		m := newLinear(vector.Float64, d.Shape(), 4)
		mean := m.Weights().Like()
		var last []float64
		look := OnIteration(func(Iteration) error {
			last = bits(m.weights)
			return nil
		})
		h := must(Fit(background, m, d, averaged(), append(options, Epochs(3), Batch(7), Seed(1), Solution(mean), look)...))
		if !slices.Equal(last, bits(plain.weights)) {
			t.Error("the weights differ from those of a training without average")
		}
		if slices.Equal(bits(mean), last) || mean.Norm() == 0 {
			t.Error("the solution isn't an average")
		}
		if !slices.Equal(bits(mean), bits(m.weights)) {
			t.Error("the model doesn't have the solution")
		}
		want := must(Evaluate(background, m, d))
		if got := h.Test(); len(options) > 0 && got.Evaluation != want {
			t.Errorf("tested with loss %v, that of the average is %v", got.Loss, want.Loss)
		}
	}
}

func TestBadSolution(t *testing.T) {
	d := blobs(20)
	m := newLinear(vector.Float64, d.Shape(), 4)
	s := must(solvers.New(solvers.SGD{}, solvers.Rate(schedules.Constant(0.1))))
	for want, to := range map[string]*vector.Vector{
		"train: no vector for the solution: it is nil":  nil,
		"train: the vector for the solution is that of": m.Weights(),
		"train: the vector for the solution: vector: ":  newLinear(vector.Float32, d.Shape(), 4).Weights(),
	} {
		if _, err := Fit(background, m, d, s, Solution(to)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestFitChoosesRates holds that the line search finds its way through a reader that reads ahead, and comes to the same
// weights when the training is split.
func TestFitChoosesRates(t *testing.T) {
	d := blobs(60)
	s := must(solvers.New(solvers.SGD{}, solvers.ChooseRate(solvers.DefaultArmijo)))
	train := func(m *linear, options ...Option) *History {
		return must(Fit(background, m, d, s, append(options, Batch(7), Seed(1))...))
	}
	whole, split := newLinear(vector.Float64, d.Shape(), 4), newLinear(vector.Float64, d.Shape(), 4)
	h := train(whole, Epochs(6))
	if first := h.Epochs[0].Loss; !(h.Loss() < first/2) {
		t.Errorf("loss from %v to %v", first, h.Loss())
	}
	file := t.TempDir() + "/run.safetensors"
	train(split, Epochs(2), Save(file))
	train(split, Epochs(6), Resume(file))
	if !slices.Equal(bits(split.weights), bits(whole.weights)) {
		t.Error("a training in two parts ends at other weights")
	}
}
