package train

import (
	"github.com/fallline/fallline/checkpoint"
	"github.com/pkg/errors"
)

// A history is saved as one array of float64 for the epochs and one for the evaluations, a row each: unlike JSON it holds a loss
// of any value, and integers are exact up to 2^53.

const (
	epochFields = 11
	testFields  = 5
)

func putEpoch(e Epoch) []float64 {
	row := []float64{
		float64(e.Number), float64(e.Iterations), float64(e.Examples), float64(e.Gradients), e.Loss, e.Rate, e.Seconds, 0, 0, 0, 0,
	}
	if e.Test != nil {
		copy(row[7:], []float64{1, e.Test.Loss, float64(e.Test.Correct), float64(e.Test.Examples)})
	}
	return row
}

func getEpoch(r []float64) Epoch {
	e := Epoch{
		Number: int(r[0]), Iterations: int64(r[1]), Examples: int64(r[2]), Gradients: int64(r[3]), Loss: r[4], Rate: r[5], Seconds: r[6],
	}
	if r[7] != 0 {
		e.Test = &Evaluation{Loss: r[8], Correct: int(r[9]), Examples: int(r[10])}
	}
	return e
}

func putTest(t Tested) []float64 {
	return []float64{float64(t.Iteration), t.Epoch, t.Loss, float64(t.Correct), float64(t.Examples)}
}

func getTest(r []float64) Tested {
	return Tested{Iteration: int64(r[0]), Epoch: r[1], Evaluation: Evaluation{Loss: r[2], Correct: int(r[3]), Examples: int(r[4])}}
}

// rows makes an array with a row of fields for each x.
func rows[T any](name string, xs []T, fields int, put func(T) []float64) checkpoint.Array {
	data := make([]float64, 0, len(xs)*fields)
	for _, x := range xs {
		data = append(data, put(x)...)
	}
	return checkpoint.Array{Name: name, Shape: []int{len(xs), fields}, Data: data}
}

// unrows reads what rows made.
func unrows[T any](file *checkpoint.File, name string, fields int, get func([]float64) T) ([]T, error) {
	a, ok := file.Find(name)
	if !ok {
		return nil, errors.Errorf("the checkpoint lacks %s", name)
	}
	data, ok := a.Data.([]float64)
	if !ok || len(a.Shape) != 2 || a.Shape[1] != fields {
		return nil, errors.Errorf("the checkpoint has %s, want []float64 in rows of %d", describe(a), fields)
	}
	var xs []T
	for ; len(data) > 0; data = data[fields:] {
		xs = append(xs, get(data[:fields]))
	}
	return xs, nil
}
