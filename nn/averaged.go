package nn

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/memory"
	"github.com/fallline/fallline/vector"
)

// View is one of the sides from which Averaged looks at an example.
type View struct {
	// Move writes the examples in x, one behind the other, to y as they look from this side. shape is that of one
	// example. A nil Move leaves them as they are.
	Move func(y, x []float32, shape []int) error

	Weight float64 // in the mean; above 0, and only its share in the sum of all weights counts
}

// AveragedModel is a Model that is evaluated from several sides. All else is that of the Model: it has the same
// weights, and training it is training the Model.
type AveragedModel struct {
	*Model
	views []View
	x     []float32
	sum   []float64
}

// Averaged returns a model whose outputs are means over views of each example, as photographs and their mirror images:
//
//	z(x) = Σ aᵥ z(move_v(x)) / Σ aᵥ
//
// That is test-time augmentation: Evaluate, Outputs and Predict cost a run of the network for each view. Gradient is
// the Model's. The loss that Evaluate returns is the same mean of the views' losses, which bounds that of the mean
// output from above where the loss is convex in the output.
//
// A nil model, no views and a weight that isn't above 0 and finite are errors.
func Averaged(m *Model, views ...View) (*AveragedModel, error) {
	if m == nil {
		return nil, errors.New("nn: averaged: no model: it is nil")
	}
	if len(views) == 0 {
		return nil, errors.New("nn: averaged: no views, want at least 1")
	}
	a := &AveragedModel{Model: m, views: make([]View, len(views))}
	total := 0.0
	for i, v := range views {
		if !(v.Weight > 0) || math.IsInf(v.Weight, 0) {
			return nil, errors.Errorf("nn: averaged: view %d has weight %v, want above 0", i, v.Weight)
		}
		total += v.Weight
	}
	for i, v := range views {
		a.views[i] = View{v.Move, v.Weight / total}
	}
	return a, nil
}

// Evaluate is that of the Model for the mean over the views.
func (a *AveragedModel) Evaluate(w *vector.Vector, b batch.Batch) (loss float64, correct int, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	rows, err := a.check(w, nil, b)
	if err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if err = a.finiteInput(b.X); err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if loss, err = a.run(w, rows, b); err != nil {
		return 0, 0, errors.WithMessage(err, "nn: evaluate")
	}
	if err = a.finiteLoss(loss); err != nil {
		return loss, 0, errors.WithMessage(err, "nn: evaluate")
	}
	return loss, count(a.sum, b.Labels), nil
}

// Outputs is that of the Model for the mean over the views.
func (a *AveragedModel) Outputs(x []float32) ([]float32, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(x) == 0 {
		return nil, nil
	}
	rows, err := a.examples(x)
	if err != nil {
		return nil, errors.WithMessage(err, "nn: predict")
	}
	in := product(a.input)
	outputs := make([]float32, 0, rows*product(a.output))
	for at := 0; at < rows; at += predictRows {
		n := min(predictRows, rows-at)
		if _, err := a.run(a.weights, n, a.zeros.batch(a.Model, x[at*in:(at+n)*in], n)); err != nil {
			return nil, errors.WithMessage(err, "nn: predict")
		}
		for _, v := range a.sum {
			outputs = append(outputs, float32(v))
		}
	}
	return outputs, errors.WithMessage(finiteOutput(a.Model, outputs), "nn: predict")
}

// Predict is that of the Model for the mean over the views.
func (a *AveragedModel) Predict(x []float32) ([]int, error) {
	if a.net.classes == 0 {
		return nil, errors.New("nn: predict: the model has no classes, use Outputs")
	}
	outputs, err := a.Outputs(x)
	if err != nil {
		return nil, err
	}
	return argmaxes(outputs, a.net.classes), nil
}

// run evaluates the views of a batch of rows examples, and leaves the mean of their outputs in a.sum.
func (a *AveragedModel) run(w *vector.Vector, rows int, b batch.Batch) (loss float64, err error) {
	a.sum = memory.Resize(a.sum, rows*product(a.output))
	clear(a.sum)
	x := b.X
	for i, v := range a.views {
		b.X = x
		if v.Move != nil {
			a.x = memory.Resize(a.x, len(x))
			if err := v.Move(a.x, x, a.input); err != nil {
				return 0, errors.WithMessagef(err, "view %d", i)
			}
			b.X = a.x
		}
		l, err := a.eval.run(w, nil, b)
		if err != nil {
			return 0, errors.WithMessagef(err, "view %d", i)
		}
		loss += v.Weight * l
		a.eval.addOutput(v.Weight, a.sum)
	}
	return loss, nil
}

// addOutput adds a multiple of the last run's output.
func (m *machine) addOutput(factor float64, to []float64) {
	t := m.output.Value().(*tensor.Dense)
	if t.Dtype() == tensor.Float32 {
		addTo(to, factor, t.Float32s())
		return
	}
	addTo(to, factor, t.Float64s())
}

func addTo[T float32 | float64](to []float64, factor float64, x []T) {
	for i, v := range x {
		to[i] += factor * float64(v)
	}
}
