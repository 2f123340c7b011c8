package nn

import "github.com/pkg/errors"

// Memory is how many bytes the training graph's buffers take for a batch of that many examples, as graph.Program.Memory says. They serve
// batches of fewer examples as well.
func (m *Model) Memory(batch int) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, err := m.train.program.Memory(batch)
	return n, errors.WithMessage(err, "nn: memory")
}
