package instruments

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/isnil"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// meanBatch is the number of examples that instruments evaluate at a time.
const meanBatch = 512

// mean is the mean loss over some examples of an objective, evaluated in pieces.
type mean struct {
	ctx   context.Context
	obj   solvers.Wrapped
	index []int32
	part  *vector.Vector // gradient of a piece, made when there is a second one
	used  int64          // gradients of single examples computed
}

// gradient writes the gradient at w into g and returns the loss. The context is looked at between pieces.
func (m *mean) gradient(w, g *vector.Vector) (loss float64, err error) {
	for at, end := 0, 0; at < len(m.index); at = end {
		if err := m.ctx.Err(); err != nil {
			return 0, err
		}
		end = m.end(at)
		piece := m.index[at:end]
		if end < len(m.index) {
			m.obj.Prefetch(batch.Batch{Index: m.index[end:m.end(end)]})
		}
		to := g
		if at > 0 {
			if m.part == nil {
				m.part = w.Like()
			}
			to = m.part
		}
		l, err := m.obj.Gradient(w, to, batch.Batch{Index: piece})
		if err != nil {
			return 0, err
		}
		m.used += int64(len(piece))
		share := float64(len(piece)) / float64(len(m.index))
		loss += share * l
		if at > 0 {
			g.Axpy(share, m.part)
		} else if share != 1 {
			g.Scale(share)
		}
	}
	return loss, nil
}

// end is where the piece ends that begins at an example: the last one joins the one before it where it would be too
// small.
func (m *mean) end(at int) int {
	end := min(at+meanBatch, len(m.index))
	if len(m.index)-end < m.obj.MinBatch() {
		return len(m.index)
	}
	return end
}

// checkMeasured validates what every instrument is given.
func checkMeasured(ctx context.Context, obj solvers.Objective, w *vector.Vector) error {
	switch {
	case ctx == nil:
		return errors.New("no context: it is nil")
	case isnil.Any(obj) || w == nil:
		return errors.New("no objective or no weights: nil")
	case obj.Len() < 1:
		return errors.Errorf("an objective of %d examples, want at least 1", obj.Len())
	}
	return errors.WithMessage(obj.NewVector().Check(w), "the weights do not fit the objective")
}

// someExamples chooses k of an objective's examples, all for 0, in rising order.
func someExamples(obj solvers.Objective, k int, seed uint64) ([]int32, error) {
	n, least := obj.Len(), minBatch(obj)
	if n < least {
		return nil, errors.Errorf("an objective of %s, which takes batches of at least %d: %s", text.Count(n, "example"), least, alone)
	}
	if k < 0 || k > n || k > 0 && k < least {
		return nil, errors.Errorf("%s, want %d to %d, or 0 for all", text.Count(k, "example"), least, n)
	}
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	if k == 0 || k == n {
		return all, nil
	}
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(n, func(i, j int) { all[i], all[j] = all[j], all[i] })
	slices.Sort(all[:k])
	return all[:k], nil
}

// minBatch is how many examples an objective wants in a batch.
func minBatch(obj solvers.Objective) int { return solvers.Wrapped{Objective: obj}.MinBatch() }

// alone says why some batches are too small.
const alone = "one example alone has no answer, as under batch norm"
