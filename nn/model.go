package nn

import (
	"slices"
	"sync"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
)

// Model is a network with weights: a training graph and an evaluation graph over one vector of weights, and one of
// frozen weights where there are some.
//
// Its methods may be called from several goroutines and run one after another. Whoever steps the weights must not do so
// while one runs. In steady state, with batches of sizes seen before, Gradient and Evaluate allocate nothing.
type Model struct {
	mu            sync.Mutex
	net           *network
	weights       *vector.Vector
	frozen        *vector.Vector // nil without frozen weights
	train, eval   *machine
	input, output []int
	zeros         zeroTruth
	linear        graph.Linear // where the training graph is that of a linear model
	least         int          // examples in a batch of the training graph
}

// Weights is the vector of the model's weights. Solvers step it in place.
func (m *Model) Weights() *vector.Vector { return m.weights }

// Frozen is the vector of the weights that don't learn, which Weights lacks: nil in a model without.
func (m *Model) Frozen() *vector.Vector { return m.frozen }

// Parameters is the number of weights, each number counted, the frozen ones too.
func (m *Model) Parameters() int {
	if m.frozen == nil {
		return m.weights.Count()
	}
	return m.weights.Count() + m.frozen.Count()
}

// InputShape is the shape of an example.
func (m *Model) InputShape() []int { return slices.Clone(m.input) }

// OutputShape is the shape of what the network makes of an example.
func (m *Model) OutputShape() []int { return slices.Clone(m.output) }

// Classes is the number of classes; 0 for a model whose truth is not labels.
func (m *Model) Classes() int { return m.net.classes }

// Gradient runs the training graph at weights w on a batch: it returns the loss, the mean over the batch, and writes
// the loss's gradient with respect to w into g; with a nil g there is no gradient, only the loss. w and g are vectors
// like Weights, or Weights itself.
//
// The batch's Draw and Index choose dropout's masks, and only with MoveStats do batch norm's running statistics move.
func (m *Model) Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.check(w, g, b); err != nil {
		return 0, errors.WithMessage(err, "nn: gradient")
	}
	for _, s := range m.net.states {
		s.state.Move(b.MoveStats)
	}
	loss, err = m.train.run(w, g, b)
	return loss, errors.WithMessage(err, "nn: gradient")
}

// Evaluate runs the evaluation graph at weights w on a batch: it returns the loss, the mean over the batch, and the
// number of examples whose greatest output is their label's; 0 without labels. Numbers in the batch and a loss that
// aren't finite are errors that name the example; the loss is returned with the error then.
//
// The statistics of layers such as batch norm are the model's, whatever w is: they serve the weights that they were
// gathered at, and MoveStatistics gathers those of others.
func (m *Model) Evaluate(w *vector.Vector, b batch.Batch) (loss float64, correct int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.check(w, nil, b); err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if err = m.finiteInput(b.X); err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if loss, err = m.eval.run(w, nil, b); err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if err = m.finiteLoss(loss); err != nil {
		return loss, 0, errors.WithMessage(err, "nn: evaluate")
	}
	return loss, m.eval.correct(b.Labels), nil
}

// check checks a batch and the vectors and returns the number of examples.
func (m *Model) check(w, g *vector.Vector, b batch.Batch) (rows int, err error) {
	if rows, err = m.rows(b.X); err != nil {
		return 0, err
	}
	if w == nil {
		return 0, errors.New("no weights")
	}
	if err := m.weights.Check(w); err != nil {
		return 0, err
	}
	if g != nil {
		if err := m.weights.Check(g); err != nil {
			return 0, err
		}
	}
	if b.Index != nil && len(b.Index) != rows {
		return 0, errors.Errorf("%d indices for %d examples", len(b.Index), rows)
	}
	return rows, m.checkTruth(rows, b)
}

// rows is the number of examples in x.
func (m *Model) rows(x []float32) (int, error) {
	size := product(m.input)
	if len(x) == 0 || len(x)%size != 0 {
		return 0, errors.Errorf("%d numbers, want a multiple of %d for examples of shape %s", len(x), size, text.Shape(m.input))
	}
	return len(x) / size, nil
}

func (m *Model) checkTruth(rows int, b batch.Batch) error {
	if m.net.classes == 0 {
		if want := rows * product(m.net.targets); len(b.Targets) != want || len(b.Labels) > 0 {
			return errors.Errorf("%d labels and %d numbers of targets for %d examples, want no labels and %d numbers: a target of shape %s for each",
				len(b.Labels), len(b.Targets), rows, want, text.Shape(m.net.targets))
		}
		return nil
	}
	if len(b.Labels) != rows || len(b.Targets) > 0 {
		return errors.Errorf("%d labels and %d numbers of targets for %d examples, want %d labels and no targets",
			len(b.Labels), len(b.Targets), rows, rows)
	}
	return b.CheckLabels(m.net.classes)
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
