// Package datasets holds the examples that a model learns from: in memory, from files, or made up, and the means to
// shuffle, cut and read them ahead.
//
// A Dataset is asked for examples by number, in any order, so that the order of training is nobody's state: it is a
// function of a seed and an epoch.
//
// # Optional interfaces
//
// What a part of one's own may do beside what it must:
//
//   - Dataset: Described
//   - Transform: Validator, PerhapsRandom, fmt.Stringer
//
// A Dataset that wraps another embeds Wrapped, which answers for the other's.
package datasets

import (
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/pkg/errors"
)

// Dataset is a set of Len examples of one shape. Each has a class, a number from 0 to Classes−1, or, where Classes is
// 0, targets to regress on.
//
// Implementations must allow Read from several goroutines at once, each with a Batch of its own.
type Dataset interface {
	Len() int
	Shape() []int // of one example: (height, width, channels) for an image
	Classes() int

	// Read fills b with the examples of these numbers, in this order: it overwrites X, Labels and Targets, reuses their
	// memory, and leaves the rest alone. Whatever is random in an example, as augmentation is, must be a function of
	// its number and draw alone.
	Read(b *batch.Batch, index []int32, draw uint64) error
}

// Features is the number of values that an example of a shape has.
func Features(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Validate returns an error where d is nil, empty, larger than an int32 can count, or has an impossible shape or number
// of classes.
func Validate(d Dataset) error {
	if d == nil {
		return errors.New("datasets: no dataset: it is nil")
	}
	switch n, c := d.Len(), d.Classes(); {
	case n < 1:
		return errors.Errorf("datasets: the dataset has %d examples, want at least 1", n)
	case n > math.MaxInt32:
		return errors.Errorf("datasets: the dataset has %d examples, the limit is %d", n, math.MaxInt32)
	case c < 0:
		return errors.Errorf("datasets: the dataset has %d classes, want at least 1, or 0 for a regression", c)
	}
	return checkShape(d.Shape())
}

func checkShape(shape []int) error {
	n := 1
	for _, d := range shape {
		if d < 1 || d > math.MaxInt32/n {
			return errors.Errorf("datasets: examples of shape %v, want dimensions of at least 1 and less than 2^31 values", shape)
		}
		n *= d
	}
	return nil
}

func checkIndex(index []int32, n int) error {
	for _, i := range index {
		if i < 0 || int(i) >= n {
			return errors.Errorf("datasets: example %d of %d", i, n)
		}
	}
	return nil
}

// checkLabels returns an error that names the first label outside [0, classes).
func checkLabels(labels []int, classes int) error {
	b := batch.Batch{Labels: labels}
	return errors.WithMessage(b.CheckLabels(classes), "datasets")
}
