package saved

import (
	"github.com/fallline/fallline/checkpoint"
	"github.com/pkg/errors"
)

// table makes an array of rows; flat makes a row a slice.
func table[R Epoch | Test](name string, rows []R, flat func(*R) []float64) checkpoint.Array {
	var row R
	data := make([]float64, 0, len(rows)*len(flat(&row)))
	for i := range rows {
		data = append(data, flat(&rows[i])...)
	}
	return checkpoint.Array{Name: name, Shape: []int{len(rows), len(flat(&row))}, Data: data}
}

// rows reads what table made.
func rows[R Epoch | Test](file *checkpoint.File, name string, flat func(*R) []float64) ([]R, error) {
	a, ok := file.Find(name)
	if !ok {
		return nil, errors.Errorf("the checkpoint lacks %s", name)
	}
	var row R
	fields := len(flat(&row))
	data, ok := a.Data.([]float64)
	if !ok || len(a.Shape) != 2 || a.Shape[1] != fields {
		return nil, errors.Errorf("the checkpoint has %s, want []float64 in rows of %d", describe(a), fields)
	}
	var all []R
	for ; len(data) > 0; data = data[fields:] {
		copy(flat(&row), data)
		all = append(all, row)
	}
	return all, nil
}

func (e *Epoch) flat() []float64 { return e[:] }
func (t *Test) flat() []float64  { return t[:] }
