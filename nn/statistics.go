package nn

import (
	"github.com/pkg/errors"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
)

// Statistics is an optional interface of State: one of moving averages, in which each batch has a share that can be
// set:
//
//	s ← s + c·(batch's − s)
//
// A layer whose State is one can have its statistics recomputed exactly, as means over batches; any other State moves
// then as it does in training.
type Statistics interface {
	State

	// SetMomentum sets c, in (0, 1], for the runs to come, and returns what it was. A share of 1 leaves nothing of what
	// was there before.
	SetMomentum(c float64) (before float64)
}

// Statistics calls f with each array of the layers' state and its name, as Visit does, but leaves frozen weights out: a
// model without such layers has none.
func (m *Model) Statistics(f func(name string, array any)) {
	m.visitStates(func(name string, array []float64) { f(name, array) })
}

// MoveStatistics runs the training graph at weights w on a batch, without a gradient, and moves the layers' statistics
// by a share of the batch's in (0, 1]. With shares of 1, 1/2, 1/3, ... over batches of one size they become the mean of
// the batches', whatever they were before; train.Recalibration does that.
//
// After an error some statistics may have moved.
func (m *Model) MoveStatistics(w *vector.Vector, b batch.Batch, share float64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !(share > 0 && share <= 1) {
		return errors.Errorf("nn: statistics: share %v outside (0, 1]", share)
	}
	if _, err := m.check(w, nil, b); err != nil {
		return errors.WithMessage(err, "nn: statistics")
	}
	for _, s := range m.net.states {
		s.state.Move(true)
		if a, ok := s.state.(Statistics); ok {
			before := a.SetMomentum(share)
			defer a.SetMomentum(before)
		}
	}
	_, err := m.train.run(w, nil, b)
	return errors.WithMessage(err, "nn: statistics")
}
