// Package batch has the one type by which examples go from a sampler to a model.
package batch

import "github.com/pkg/errors"

// Batch is the examples of an iteration. A sampler says which they are, a dataset what they are, and a model learns
// from them:
//
//	sampler       Index, Draw, MoveStats
//	datasets      X, Labels, Targets
//
// A Batch is handed on by value. Its slices are lent: whoever is given one keeps none of them and changes none.
type Batch struct {
	Index []int32 // the examples' numbers in the dataset; an example may be there twice. Nil: unknown

	// Draw numbers the draw of what is random in an example, such as augmentation and dropout: the same for the same
	// Draw. A sampler uses the epoch; variance-reduced methods keep it for as long as they compare gradients of the
	// same examples.
	Draw uint64

	// MoveStats says that running statistics of the inputs, as batch normalisation keeps, may move: true for the
	// gradient of a step, at the weights that are stepped, and false for every other look at a batch.
	MoveStats bool

	X       []float32 // the examples, one after another
	Labels  []int     // their classes, in the same order; empty for a regression
	Targets []float32 // the numbers to regress on, one example's after another's; empty for a classification

	checked checked
}

// checked is what CheckLabels has found right.
type checked struct {
	first      *int // of the labels
	n, classes int
}

// Of sets which examples b is of, for a dataset to read into it, and returns b.
func (b *Batch) Of(index []int32, draw uint64) *Batch {
	b.Index, b.Draw, b.checked = index, draw, checked{}
	return b
}

// CheckLabels returns an error that names the first label outside [0, classes), and its example by its number in the
// dataset where that is known. It looks at labels once: a Batch that it has found right, and that was handed on, isn't
// looked at again.
func (b *Batch) CheckLabels(classes int) error {
	if len(b.Labels) == 0 {
		return nil
	}
	right := checked{&b.Labels[0], len(b.Labels), classes}
	if b.checked == right {
		return nil
	}
	for i, l := range b.Labels {
		if l < 0 || l >= classes {
			if i < len(b.Index) {
				i = int(b.Index[i])
			}
			return errors.Errorf("label %d of example %d outside [0, %d)", l, i, classes)
		}
	}
	b.checked = right
	return nil
}
