package datasets

import "github.com/pkg/errors"

// Sparse is a dataset of sparse rows with a label each, as LIBSVM files hold them. Whoever can work on sparse rows takes X and Y; as a
// Dataset it delivers dense ones.
type Sparse struct {
	X CSR
	// Y is each row's label as the file has it.
	Y []float64

	values []float64 // the distinct labels, ascending, where they are classes
	class  []int     // each row's place in values
}

// CSR is a sparse matrix in compressed rows: row i holds columns Col[Start[i]:Start[i+1]], ascending, with the values Val beside them.
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

// Classes is the number of different labels, or 0 where they are not a few integers: then they are targets of a regression.
func (s *Sparse) Classes() int { return len(s.values) }

// Outputs is the number of targets of an example: 1 for a regression, 0 for a classification.
func (s *Sparse) Outputs() int {
	if s.class == nil {
		return 1
	}
	return 0
}

// Labels are the labels that the classes stand for, ascending; nil for a regression.
func (s *Sparse) Labels() []float64 { return s.values }

// Class is the class of example i: the place of its label among Labels.
func (s *Sparse) Class(i int) int { return s.class[i] }

// Read implements Dataset: the rows become dense ones of float32, and a number that isn't finite in it is an error. draw has no effect.
func (s *Sparse) Read(b *Batch, index []int32, _ uint64) error {
	if err := checkIndex(index, s.X.Rows); err != nil {
		return err
	}
	cols := s.X.Cols
	b.X, b.Labels, b.Targets = resize(b.X, len(index)*cols), b.Labels[:0], b.Targets[:0]
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
