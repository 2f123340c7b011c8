package datasets

import (
	"iter"

	"github.com/fallline/fallline/batch"
	"github.com/pkg/errors"
)

// Batches runs through the examples of d with these numbers in batches of size, the last one shorter where it doesn't
// come out even. A nil order takes all of d in its own order; Order gives a shuffled one. The batch after the one in
// use is read ahead.
//
//	for b, err := range datasets.Batches(d, 128, datasets.Order(d.Len(), seed, epoch), uint64(epoch)) { ... }
//
// A batch is valid until the next turn. An error ends the run.
func Batches(d Dataset, size int, order []int32, draw uint64) iter.Seq2[batch.Batch, error] {
	return func(yield func(batch.Batch, error) bool) {
		if size < 1 {
			yield(batch.Batch{}, errors.Errorf("datasets: batches of %d, want at least 1", size))
			return
		}
		r, err := NewReader(d, 1)
		if err != nil {
			yield(batch.Batch{}, err)
			return
		}
		defer r.Close()
		if order == nil {
			order = count(d.Len())
		}
		for next := order[:min(size, len(order))]; len(next) > 0; {
			this := next
			order = order[len(this):]
			next = order[:min(size, len(order))]
			b, err := r.Batch(batch.Batch{Index: this, Draw: draw})
			if err != nil {
				yield(batch.Batch{}, err)
				return
			}
			if len(next) > 0 {
				r.Prefetch(batch.Batch{Index: next, Draw: draw})
			}
			if !yield(b, nil) {
				return
			}
		}
	}
}
