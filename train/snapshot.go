package train

import (
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/saved"
)

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
	before := live()
	for i := range before {
		before[i].Data = saved.Copy(before[i].Data)
	}
	return func() {
		w.Copy(weights)
		for i, a := range live() {
			saved.Assign(a.Data, before[i].Data)
		}
	}
}
