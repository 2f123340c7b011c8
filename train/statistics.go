package train

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/vector"
)

// Statistical is an optional interface of Model: one that is Stateful, and whose state has statistics of the batches
// that it was trained on, such as batch norm's. They serve the weights that they were gathered at: where Fit tests or
// returns other weights, as an average, it recomputes them for those. Models of package nn implement it.
type Statistical interface {
	// Statistics shows the statistics alone, as Visit shows the whole state: the same slices at each call. A model may
	// have none.
	Statistics(visit func(name string, array any))

	// MoveStatistics moves them by a share of a batch's at the weights w, and changes nothing else:
	//
	//	s ← s + share·(batch's − s)
	//
	// A share of 1 leaves nothing of what was there before.
	MoveStatistics(w *vector.Vector, b batch.Batch, share float64) error
}

// backup is a copy of what moves in a model beside its weights: the statistics, and of a model that can't tell them
// from the rest of its state all of it. An iteration that fails may have moved it.
type backup struct {
	names        []string
	live, before []any
}

// newBackup copies it.
func newBackup(model Model) (b backup) {
	keep := func(name string, array any) {
		b.names = append(b.names, name)
		b.live = append(b.live, array)
		b.before = append(b.before, saved.Copy(array))
	}
	if m, ok := model.(Statistical); ok {
		m.Statistics(keep)
	} else if m, ok := model.(Stateful); ok {
		m.Visit(keep)
	}
	return b
}

// take copies it anew.
func (b backup) take() {
	for i, a := range b.live {
		saved.Assign(b.before[i], a)
	}
}

// restore puts it back into the model.
func (b backup) restore() {
	for i, a := range b.live {
		saved.Assign(a, b.before[i])
	}
}

// visit shows the arrays as they were.
func (b backup) visit(visit func(name string, array any)) {
	for i, name := range b.names {
		visit(name, b.before[i])
	}
}

// hasStatistics says whether a model has any.
func hasStatistics(model Model) (has bool) {
	if m, ok := model.(Statistical); ok {
		m.Statistics(func(string, any) { has = true })
	}
	return has
}
