package nn

import "github.com/pkg/errors"

// Memory is how many bytes the training graph's buffers take for a batch of that many examples, as graph.Program.Memory says, and the
// examples' copy in float64 where the model is of that type. They serve batches of fewer examples as well.
func (m *Model) Memory(batch int) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.train.program.Memory(batch)
	if err != nil {
		return 0, errors.WithMessage(err, "nn: memory")
	}
	return n + m.train.x.memory(batch) + m.train.truth.memory(batch), nil
}

// MinBatch is how many examples a batch of the training graph, Gradient's, must have: 2 where one example alone has no answer, as under
// a batch norm that sees one value a channel in an example, and else 1. Evaluation takes any batch.
func (m *Model) MinBatch() int { return m.least }
