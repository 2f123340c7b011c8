package schedules

import (
	"strings"

	"github.com/pkg/errors"
)

// Product is several schedules multiplied, each with the same time.
//
//	η(t) = s₁(t) · s₂(t) · ...
func Product(factors ...Schedule) Schedule { return product{factors} }

type product struct{ factors []Schedule }

func (s product) At(t Time) float64 {
	value := 1.0
	for _, f := range s.factors {
		value *= f.At(t)
	}
	return value
}

func (s product) String() string {
	var names []string
	for _, f := range s.factors {
		names = append(names, name(f))
	}
	return "product(" + strings.Join(names, ",") + ")"
}

func (s product) Validate() error {
	if len(s.factors) == 0 {
		return errors.New("schedules: product: no factors, want at least 1")
	}
	return nil
}

func (s product) Tail() Tail {
	tail := level(1)
	for _, f := range s.factors {
		tail = tail.times(TailOf(f))
	}
	return tail
}

// Inner is the factors.
func (s product) Inner() []Schedule { return s.factors }
