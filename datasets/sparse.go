package datasets

import (
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// Sparse is a dataset of sparse rows with a label each, as LIBSVM files hold them. Whoever can work on sparse rows
// takes X and Y; as a Dataset it delivers dense ones.
type Sparse struct {
	X CSR
	// Y is each row's label as the file has it.
	Y []float64

	names     []string  // of the classes by label, where labels are classes
	values    []float64 // the numbers that the names are
	class     []int     // each row's place among them
	zeroBased bool      // whether the file counted columns from 0
}

// CSR is a sparse matrix in compressed rows: row i holds columns Col[Start[i]:Start[i+1]], ascending, with the values
// Val beside them.
type CSR struct {
	Rows, Cols int
	Start      []int
	Col        []int32
	Val        []float64
}

// Row returns the columns and values of a row, which share the matrix's memory.
func (m *CSR) Row(i int) (col []int32, val []float64) {
	lo, hi := m.Start[i], m.Start[i+1]
	return m.Col[lo:hi], m.Val[lo:hi]
}

// Len is the number of examples.
func (s *Sparse) Len() int { return s.X.Rows }

// Shape is the shape of an example as a dense row: one dimension, the number of columns.
func (s *Sparse) Shape() []int { return []int{s.X.Cols} }

// Classes is the number of classes, or 0 for a regression; see LIBSVM.Task for which it is.
func (s *Sparse) Classes() int { return len(s.names) }

// ClassNames returns the names of the classes by label, in the spelling that was given or else as short as can be; none
// for a regression.
func (s *Sparse) ClassNames() []string { return slices.Clone(s.names) }

// ZeroBased says whether the file counted its columns from 0.
func (s *Sparse) ZeroBased() bool { return s.zeroBased }

// Outputs is the number of targets of an example: 1 for a regression, 0 for a classification.
func (s *Sparse) Outputs() int {
	if s.class == nil {
		return 1
	}
	return 0
}

// Describe implements Described.
func (s *Sparse) Describe() Description {
	return Description{Outputs: s.Outputs(), ClassNames: s.ClassNames(), zeroBased: s.zeroBased}
}

// Labels are the numbers in the file that the classes stand for, by label, ascending unless classes were given in
// another order; nil for a regression.
func (s *Sparse) Labels() []float64 { return s.values }

// Class is the class of example i: the place of its label among Labels.
func (s *Sparse) Class(i int) int { return s.class[i] }

// maxDense is how many values a dense batch may have: a single great index could fill the memory.
const maxDense = 1 << 30

// Read implements Dataset: the rows become dense ones of float32, of at most 2^30 values in all, and a number that
// isn't finite in it is an error. draw has no effect.
func (s *Sparse) Read(b *batch.Batch, index []int32, _ uint64) error {
	if err := checkIndex(index, s.X.Rows); err != nil {
		return err
	}
	cols := s.X.Cols
	if int64(len(index))*int64(cols) > maxDense {
		return errors.Errorf("datasets: %d dense rows of %d columns, over %d values: take sparse rows or smaller batches", len(index), cols, maxDense)
	}
	b.X, b.Labels, b.Targets = memory.Resize(b.X, len(index)*cols), b.Labels[:0], b.Targets[:0]
	clear(b.X)
	for r, i := range index {
		row := b.X[r*cols : (r+1)*cols]
		col, val := s.X.Row(int(i))
		sum := 0.0
		for k, c := range col {
			v := float32(val[k])
			row[c] = v
			sum += float64(v)
		}
		if sum-sum != 0 {
			return errors.WithMessage(checkFinite(feature, row, cols, index[r:]), "datasets: sparse rows as float32")
		}
		if s.class != nil {
			b.Labels = append(b.Labels, s.class[i])
			continue
		}
		b.Targets = append(b.Targets, float32(s.Y[i]))
		if err := checkFinite(target, b.Targets[len(b.Targets)-1:], 1, index[r:]); err != nil {
			return errors.WithMessage(err, "datasets: sparse rows as float32")
		}
	}
	return nil
}
