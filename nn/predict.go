package nn

import (
	"github.com/pkg/errors"

	"github.com/fallline/fallline/batch"
	"gorgonia.org/tensor"
)

// predictRows is the number of examples that a run of the evaluation graph takes at most for Predict and Outputs.
const predictRows = 256

// Predict returns the class of each example in x: that of the greatest output, the first of equals. x holds any number
// of examples one behind the other. A model without classes has no Predict; use Outputs. Numbers in x or outputs that
// aren't finite are errors that name the example: NaN has no class.
func (m *Model) Predict(x []float32) ([]int, error) {
	if m.net.classes == 0 {
		return nil, errors.New("nn: predict: the model has no classes, use Outputs")
	}
	outputs, err := m.Outputs(x)
	if err != nil {
		return nil, err
	}
	return argmaxes(outputs, m.net.classes), nil
}

// argmaxes is the place of the greatest number in each row.
func argmaxes(outputs []float32, row int) []int {
	classes := make([]int, len(outputs)/row)
	for i := range classes {
		classes[i] = argmax(outputs[i*row : (i+1)*row])
	}
	return classes
}

// Outputs returns what the network makes of each example in x, one behind the other, in evaluation: logits before
// SoftmaxCrossEntropy. x holds any number of examples, none included. Numbers in x and outputs that aren't finite in
// float32 are errors that name the example.
func (m *Model) Outputs(x []float32) ([]float32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(x) == 0 {
		return nil, nil
	}
	rows, err := m.examples(x)
	if err != nil {
		return nil, errors.WithMessage(err, "nn: predict")
	}
	in, out := product(m.input), product(m.output)
	outputs := make([]float32, 0, rows*out)
	for at := 0; at < rows; at += predictRows {
		n := min(predictRows, rows-at)
		if _, err := m.eval.run(m.weights, nil, m.zeros.batch(m, x[at*in:(at+n)*in], n)); err != nil {
			return nil, errors.WithMessage(err, "nn: predict")
		}
		outputs = m.eval.appendOutput(outputs)
	}
	return outputs, errors.WithMessage(finiteOutput(m, outputs), "nn: predict")
}

// examples checks examples to predict for and returns their number.
func (m *Model) examples(x []float32) (int, error) {
	rows, err := m.rows(x)
	if err != nil {
		return 0, err
	}
	return rows, m.finiteInput(x)
}

// zeroTruth is labels or targets of zero for runs that have none: the evaluation graph ends in the cost.
type zeroTruth struct {
	labels  []int
	targets []float32
}

func (t *zeroTruth) batch(m *Model, x []float32, rows int) batch.Batch {
	if m.net.classes > 0 {
		if t.labels == nil {
			t.labels = make([]int, predictRows)
		}
		return batch.Batch{X: x, Labels: t.labels[:rows]}
	}
	size := product(m.net.targets)
	if t.targets == nil {
		t.targets = make([]float32, predictRows*size)
	}
	return batch.Batch{X: x, Targets: t.targets[:rows*size]}
}

// appendOutput appends the last run's output.
func (m *machine) appendOutput(to []float32) []float32 {
	t := m.output.Value().(*tensor.Dense)
	if t.Dtype() == tensor.Float32 {
		return append(to, t.Float32s()...)
	}
	for _, v := range t.Float64s() {
		to = append(to, float32(v))
	}
	return to
}

// correct counts the rows of the last run's output whose greatest number is their label's.
func (m *machine) correct(labels []int) int {
	t := m.output.Value().(*tensor.Dense)
	if t.Dtype() == tensor.Float32 {
		return count(t.Float32s(), labels)
	}
	return count(t.Float64s(), labels)
}

func count[T float32 | float64](output []T, labels []int) int {
	if len(labels) == 0 {
		return 0
	}
	correct, classes := 0, len(output)/len(labels)
	for i, l := range labels {
		if argmax(output[i*classes:(i+1)*classes]) == l {
			correct++
		}
	}
	return correct
}

// argmax is the place of the greatest number, the first of equals; −1 where one is NaN.
func argmax[T float32 | float64](x []T) int {
	best := 0
	for i, v := range x {
		if v != v {
			return -1
		}
		if v > x[best] {
			best = i
		}
	}
	return best
}
