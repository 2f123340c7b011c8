package train

import "github.com/fallline/fallline/checkpoint"

// snapshot copies what a training changes in place, beside the solver's run, and returns what puts it back.
func snapshot(model Model, states *followers) (restore func()) {
	w := model.Weights()
	weights := w.Clone()
	live := func() (arrays []checkpoint.Array) {
		keep := func(name string, data any) { arrays = append(arrays, checkpoint.Array{Name: name, Data: data}) }
		if s, ok := model.(Stateful); ok {
			s.Visit(keep)
		}
		states.visit(keep)
		return arrays
	}
	saved := live()
	for i := range saved {
		saved[i].Data = copied(saved[i].Data)
	}
	return func() {
		w.Copy(weights)
		for i, a := range live() {
			assign(a.Data, saved[i].Data)
		}
	}
}

// copied is a copy of a slice that a checkpoint can hold.
func copied(data any) any {
	switch d := data.(type) {
	case []float32:
		return append([]float32(nil), d...)
	case []float64:
		return append([]float64(nil), d...)
	case []int64:
		return append([]int64(nil), d...)
	}
	return data
}
