package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Memory is how many bytes the training graph's buffers take for a batch of that many examples, as graph.Program.Memory
// says, and the examples' copy in float64 where the model is of that type. They serve batches of fewer examples as
// well.
func (m *Model) Memory(batch int) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.train.program.Memory(batch)
	if err != nil {
		return 0, errors.WithMessage(err, "nn: memory")
	}
	return n + copied(m.train.x, batch) + copied(m.train.truth, batch), nil
}

// copied is how many bytes graph.Feed takes to convert an input of a batch.
func copied(node *gorgonia.Node, batch int) int64 {
	if node.Dtype() != tensor.Float64 {
		return 0
	}
	return int64(batch) * int64(product(node.Shape()[1:])) * 8
}

// MinBatch is how many examples a batch of the training graph, Gradient's, must have: 2 where one example alone has no
// answer, as under a batch norm that sees one value a channel in an example, and else 1. Evaluation takes any batch.
func (m *Model) MinBatch() int { return m.least }
