package nn

import "github.com/fallline/fallline/graph"

// Linear says whether the model is linear, one Dense layer with its loss, as its training graph tells. weight and bias
// are the names of its ranges of the weights, of shapes (inputs, outputs) and (outputs); bias is empty where there is
// none. loss is "softmax cross-entropy" or "mean squared error".
func (m *Model) Linear() (weight, bias, loss string, ok bool) {
	l := m.linear
	if l.Weight == nil {
		return "", "", "", false
	}
	if l.Bias != nil {
		bias = l.Bias.Name()
	}
	return l.Weight.Name(), bias, l.Loss, true
}

// Random says whether the training graph draws random numbers, as dropout does.
func (m *Model) Random() bool { return len(m.train.streams) > 0 }

// findLinear notes what a linear model's training graph consists of.
func (m *Model) findLinear(a assembly) {
	if l, ok := graph.FindLinear(a.cost); ok && m.frozen == nil && l.X == a.x && l.Truth == a.context.target {
		m.linear = l
	}
}
