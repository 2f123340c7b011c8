package datasets

import (
	"slices"
	"sync"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// subset is some examples of another dataset.
type subset struct {
	Wrapped
	index   []int32
	scratch sync.Pool // of *[]int32: the numbers of a batch in the other dataset
}

// Subset returns the examples of d with these numbers, in this order; a number may be there twice. Nothing is copied
// but index. What is random in an example depends on its number in d.
func Subset(d Dataset, index []int32) (Dataset, error) {
	if err := Validate(d); err != nil {
		return nil, err
	}
	if len(index) == 0 {
		return nil, errors.New("datasets: a subset of no examples")
	}
	if err := checkIndex(index, d.Len()); err != nil {
		return nil, err
	}
	s := &subset{Wrapped: Wrapped{d}, index: slices.Clone(index)}
	s.scratch.New = func() any { return new([]int32) }
	return s, nil
}

// Take returns the first n examples of d.
func Take(d Dataset, n int) (Dataset, error) {
	if err := checkPart(d, n, 1); err != nil {
		return nil, err
	}
	return Subset(d, count(n))
}

// Split deals the examples of d out at random: n to the first set and the others to the second, as a function of the
// seed. It is how to set examples aside for validation.
func Split(d Dataset, n int, seed uint64) (first, second Dataset, err error) {
	if err := checkPart(d, n, 1); err != nil {
		return nil, nil, err
	}
	if n == d.Len() {
		return nil, nil, errors.Errorf("datasets: a split of %d examples into %d and none", n, n)
	}
	order := Order(d.Len(), seed, 0)
	slices.Sort(order[:n])
	slices.Sort(order[n:])
	if first, err = Subset(d, order[:n]); err != nil {
		return nil, nil, err
	}
	second, err = Subset(d, order[n:])
	return first, second, err
}

func checkPart(d Dataset, n, least int) error {
	if err := Validate(d); err != nil {
		return err
	}
	if n < least || n > d.Len() {
		return errors.Errorf("datasets: %d of %d examples", n, d.Len())
	}
	return nil
}

func (s *subset) Len() int { return len(s.index) }

func (s *subset) Read(b *batch.Batch, index []int32, draw uint64) error {
	if err := checkIndex(index, len(s.index)); err != nil {
		return err
	}
	p := s.scratch.Get().(*[]int32)
	defer s.scratch.Put(p)
	*p = memory.Resize(*p, len(index))
	for k, i := range index {
		(*p)[k] = s.index[i]
	}
	return s.Dataset.Read(b, *p, draw)
}
