package train

import (
	"fmt"
	"sort"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// MicroBatch evaluates batches of more than n examples in pieces of at most n, one after another, and adds their
// gradients up: a batch whose buffers don't fit in memory trains as if they did. Pieces are as few and as much of one
// size as can be; one that would be too small for batch norm joins another, which then may have one example more than
// n. The result is that of the whole batch, but for rounding and for batch norm, whose statistics are each piece's own;
// its running statistics move with the first piece. Each Iteration tells of the pieces and of the Noise that their
// gradients show.
func MicroBatch(n int) Option {
	return once("MicroBatch", func(c *config) error {
		c.micro = n
		return atLeast(n, 1, "examples in a micro-batch")
	})
}

// MemoryLimit sets how many bytes the evaluation of a batch may take: the model's buffers for its gradient, and the
// examples with those read ahead. Batches that would take more are evaluated in pieces, as with MicroBatch, as large as
// the limit allows; a batch that grows goes over to it by itself, and a Listener is told so with the figures. A limit
// that is too low for a single example is an error that tells what that takes. The model must tell its memory, as those
// of package nn do.
//
// The weights, what the solver keeps, the evaluation of a test set and the working memory of single kernels come on
// top. There is no limit by default, so that a training is the same on every machine.
func MemoryLimit(bytes int64) Option {
	return once("MemoryLimit", func(c *config) error {
		c.limit = bytes
		if bytes < 1 {
			return errors.Errorf("memory limit of %d bytes, want at least 1", bytes)
		}
		return nil
	})
}

// Sized is an optional interface of Model: one that can tell the memory of a batch beforehand, as MemoryLimit needs.
type Sized interface {
	Memory(batch int) (bytes int64, err error)
}

// micro evaluates large batches in pieces.
type micro struct {
	most  int // examples in a piece; 0: any batch in one
	limit int64
	cost  func(batch int) (int64, error) // nil where nobody asked for a limit
	last  solvers.Pieces                 // of the iteration just done; none where it was whole
	told  bool
}

// newMicro finds the size of the pieces.
func newMicro(c *config, model Model, data datasets.Dataset) (*micro, error) {
	m := &micro{most: c.micro, limit: c.limit}
	least := minBatch(model)
	if c.micro > 0 && c.micro < least {
		return nil, errors.Errorf("MicroBatch of %d: the model takes batches of at least %d in training: %s", c.micro, least, alone)
	}
	if c.limit == 0 {
		return m, nil
	}
	s, ok := model.(Sized)
	if !ok {
		return nil, errors.Errorf("memory limit of %s: the model can't tell what a batch takes: give MicroBatch in its place", text.Bytes(c.limit))
	}
	example := 4 * int64(datasets.Features(data.Shape()))
	m.cost = func(batch int) (int64, error) {
		bytes, err := s.Memory(batch)
		return bytes + (1+readAhead)*int64(batch)*example, err
	}
	smallest := min(2*least-1, data.Len()) // pieces of an odd batch have up to 3 where 1 is too few
	first, err := m.cost(smallest)
	if err != nil {
		return nil, err
	}
	if first > c.limit {
		return nil, errors.Errorf("a batch of %s takes %s, over the memory limit of %s",
			text.Count(smallest, "example"), text.Bytes(first), text.Bytes(c.limit))
	}
	fits := smallest + sort.Search(data.Len()-smallest, func(i int) bool { // the first that doesn't
		bytes, failed := m.cost(smallest + 1 + i)
		if failed != nil {
			err = failed
		}
		return bytes > c.limit
	})
	if m.most == 0 || fits < m.most {
		m.most = fits
	}
	return m, err
}

// objective is what the solver is to minimise: obj, in pieces where it must be.
func (m *micro) objective(obj *Objective) (solvers.Objective, error) {
	if m.most == 0 || m.most >= obj.Len() {
		return obj, nil
	}
	return solvers.Accumulate(obj, m.most, func(p solvers.Pieces) { m.last = p })
}

// text says, once, that a batch was evaluated in pieces after an iteration; else it is empty.
func (m *micro) text(iteration int64) string {
	if m.told || m.last.Count < 2 {
		return ""
	}
	m.told = true
	said := fmt.Sprintf("iteration %d: a batch of %d examples in %d pieces of at most %d",
		iteration, m.last.Examples, m.last.Count, m.most)
	if m.cost == nil {
		return said
	}
	whole, err := m.cost(m.last.Examples)
	piece, failed := m.cost(m.most)
	if err != nil || failed != nil {
		return said
	}
	return fmt.Sprintf("%s, which take %s: at once it would take %s, over the limit of %s",
		said, text.Bytes(piece), text.Bytes(whole), text.Bytes(m.limit))
}

// alone says why some batches are too small.
const alone = "one example alone has no answer, as under batch norm"
