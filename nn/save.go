package nn

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
)

// Save writes the weights, frozen ones too, and the layers' state, such as batch norm's running statistics, to a
// safetensors file, whole or not at all. The arrays have the names and shapes of the weights, and the model's type of
// number.
//
// A number that isn't finite is an error that names the array and the element, and what was at path before stays: a
// model that has diverged never replaces a good one.
func (m *Model) Save(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	arrays := m.arrays()
	if err := checkpoint.CheckFinite(arrays); err != nil {
		return errors.WithMessagef(err, "nn: save %s", path)
	}
	return errors.WithMessagef(checkpoint.Save(path, arrays, nil), "nn: save %s", path)
}

// arrays is what a saved model holds. The data is the model's own.
func (m *Model) arrays() []checkpoint.Array {
	arrays := append(ranges(m.weights), ranges(m.frozen)...)
	m.visitStates(func(name string, array []float64) {
		arrays = append(arrays, checkpoint.Array{Name: name, Shape: []int{len(array)}, Data: array})
	})
	return arrays
}

// ranges is the ranges of a vector as arrays; a nil vector has none.
func ranges(v *vector.Vector) []checkpoint.Array {
	if v == nil {
		return nil
	}
	arrays := make([]checkpoint.Array, len(v.Ranges))
	for i, r := range v.Ranges {
		arrays[i] = checkpoint.Array{Name: r.Name, Shape: r.Shape, Data: v.Array(r)}
	}
	return arrays
}

// Load reads what Save wrote, or takes the model from a checkpoint that train.Save wrote: the training's result,
// weights by name and the layers' state. That is the weights, or with train.Solution the average, with the statistics
// that were worked out for it; one that is saved before they were is an error. What solver and schedules keep is passed
// over. A file of float64 numbers fits a float32 model, which rounds them, and the other way round. A file that doesn't
// hold exactly the arrays of this model, by name and shape, is an error, and nothing changes; so is a number that isn't
// finite, or isn't any more as one of the model's.
func (m *Model) Load(path string) error {
	file, err := checkpoint.Load(path)
	if err != nil {
		return errors.WithMessagef(err, "nn: load %s", path)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	arrays := m.arrays()
	file, err = saved.Model(file, arrays)
	if err == nil {
		err = match(file, arrays)
	}
	if err != nil {
		return errors.WithMessagef(err, "nn: load %s", path)
	}
	for _, a := range arrays {
		from, _ := file.Find(a.Name)
		vector.Assign(a.Data, from.Data)
	}
	return nil
}

// match checks that a file holds exactly the wanted arrays.
func match(file *checkpoint.File, want []checkpoint.Array) error {
	for _, w := range want {
		a, ok := file.Find(w.Name)
		if !ok {
			return errors.Errorf("the file lacks %s of shape %s: it is of another network", w.Name, text.Shape(w.Shape))
		}
		if !slices.Equal(a.Shape, w.Shape) {
			return errors.Errorf("the file holds %s of shape %s, the model wants %s: it is of another network", w.Name, text.Shape(a.Shape), text.Shape(w.Shape))
		}
		if _, whole := a.Data.([]int64); whole {
			return errors.Errorf("the file holds %s in whole numbers, want floating point", w.Name)
		}
		if err := fits(w, a); err != nil {
			return err
		}
	}
	for _, a := range file.Arrays {
		if !slices.ContainsFunc(want, func(w checkpoint.Array) bool { return w.Name == a.Name }) {
			return errors.Errorf("the file holds %s, which the model lacks: it is of another network", a.Name)
		}
	}
	return nil
}

// fits checks that an array's numbers are finite as those of the model.
func fits(want, have checkpoint.Array) error {
	if err := checkpoint.CheckFinite([]checkpoint.Array{have}); err != nil {
		return err
	}
	wide, ok := have.Data.([]float64)
	if _, narrow := want.Data.([]float32); !ok || !narrow {
		return nil
	}
	for i, v := range wide {
		if float32(v)-float32(v) != 0 {
			return errors.Errorf("array %q: element %d is %v, over what the model's float32 holds", have.Name, i, v)
		}
	}
	return nil
}
