package solvers

import (
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
)

// Reshuffled draws every example once in each epoch, in an order that is a function of (seed, epoch). The last batch of
// an epoch is short where batch doesn't divide n, or where it would be too short for the objective, joins the one
// before it. Draw is the epoch.
func Reshuffled(n, batch int, seed uint64) (Sampler, error) {
	if err := checkSampler("reshuffled", n, batch); err != nil {
		return nil, err
	}
	s := &epochs{n: n, batch: batch, seed: seed, shuffle: true}
	s.orders[0] = newOrder(n)
	s.orders[1] = newOrder(n)
	return s, nil
}

// epochs goes through an order of all examples, epoch by epoch. Its position counts the examples drawn.
type epochs struct {
	position
	n, batch int
	least    int // examples that may be left at the end of an epoch, unless none are
	seed     uint64
	shuffle  bool
	pcg      rand.PCG
	// orders are those of this epoch and of the next, which a Peek at the end of an epoch needs already, by parity.
	orders [2]order
}

// order is an order of the examples in an epoch.
type order struct {
	epoch int64
	index []int32
}

func newOrder(n int) order {
	o := order{epoch: -1, index: make([]int32, n)}
	for i := range o.index {
		o.index[i] = int32(i)
	}
	return o
}

func (s *epochs) Len() int   { return s.n }
func (s *epochs) Batch() int { return s.batch }

// Resize sets the size of the batches to come. The order stays as it is.
func (s *epochs) Resize(batch int) { s.batch = batch }

// Join has the end of an epoch join the batch before it where it is of fewer than least examples.
func (s *epochs) Join(least int) { s.least = least }

func (s *epochs) Peek() batch.Batch {
	drawn := s.value()
	epoch, from := drawn/int64(s.n), int(drawn%int64(s.n))
	return batch.Batch{Index: s.order(epoch)[from:joined(min(from+s.batch, s.n), s.n, s.least)], Draw: uint64(epoch)}
}

// Draw draws up to most examples of this epoch.
func (s *epochs) Draw(most int) []int32 {
	drawn := s.value()
	epoch, from := drawn/int64(s.n), int(drawn%int64(s.n))
	index := s.order(epoch)[from:min(from+most, s.n)]
	s.position[0] = drawn + int64(len(index))
	return index
}

func (s *epochs) Next() batch.Batch {
	b := s.Peek()
	s.position[0] = s.value() + int64(len(b.Index))
	return b
}

// order returns the order of an epoch.
func (s *epochs) order(epoch int64) []int32 {
	if !s.shuffle {
		return s.orders[0].index
	}
	o := &s.orders[epoch%2]
	if o.epoch == epoch {
		return o.index
	}
	o.epoch = epoch
	stream(&s.pcg, s.seed, epoch)
	for i := range o.index {
		j := below(&s.pcg, uint64(i)+1) // the inside-out shuffle: it needs no order to begin from
		o.index[i] = o.index[j]
		o.index[j] = int32(i)
	}
	return o.index
}

// Rehearse returns a sampler of the same sizes that shuffles nothing.
func (s *epochs) Rehearse() (Sampler, bool) {
	e := &epochs{n: s.n, batch: s.batch, least: s.least}
	e.orders[0] = newOrder(s.n)
	return e, true
}
