package solvers

import (
	"math/rand/v2"
	"slices"

	"github.com/fallline/fallline/batch"
)

// WithReplacement draws each example of a batch uniformly from all n, independent of the others: an example may come
// twice. The choice is a function of (seed, number of the batch), and Draw is that number.
func WithReplacement(n, batch int, seed uint64) (Sampler, error) {
	if err := checkSampler("with-replacement", n, batch); err != nil {
		return nil, err
	}
	s := &replacement{n: n, batch: batch, seed: seed}
	for i := range s.drawn {
		s.drawn[i] = order{epoch: -1, index: make([]int32, batch)}
	}
	return s, nil
}

// replacement has a position that counts the batches drawn.
type replacement struct {
	position
	n, batch int
	seed     uint64
	pcg      rand.PCG
	drawn    [3]order // the last batch, this one and the one peeked at
}

func (s *replacement) Len() int   { return s.n }
func (s *replacement) Batch() int { return s.batch }

// Resize sets the size of the batches to come. A batch of fewer examples is the beginning of one of more.
func (s *replacement) Resize(batch int) { s.batch = batch }

// Join has nothing to do: all batches are of one size.
func (s *replacement) Join(int) {}

func (s *replacement) Peek() batch.Batch {
	number := s.value()
	o := &s.drawn[number%int64(len(s.drawn))]
	if o.epoch != number || len(o.index) != s.batch {
		o.epoch = number
		o.index = slices.Grow(o.index[:0], s.batch)[:s.batch]
		stream(&s.pcg, s.seed, number)
		for i := range o.index {
			o.index[i] = int32(below(&s.pcg, uint64(s.n)))
		}
	}
	return batch.Batch{Index: o.index, Draw: uint64(number)}
}

func (s *replacement) Next() batch.Batch {
	b := s.Peek()
	s.position[0] = s.value() + 1
	return b
}

// Rehearse returns a sampler that draws the same batch again and again.
func (s *replacement) Rehearse() (Sampler, bool) {
	return &sizes{all: newOrder(s.n).index, batch: s.batch}, true
}

// sizes draws the same batch again and again.
type sizes struct {
	position
	all   []int32
	batch int
}

func (s *sizes) Len() int          { return len(s.all) }
func (s *sizes) Batch() int        { return s.batch }
func (s *sizes) Resize(batch int)  { s.batch = batch }
func (s *sizes) Peek() batch.Batch { return batch.Batch{Index: s.all[:s.batch]} }
func (s *sizes) Next() batch.Batch { return s.Peek() }
