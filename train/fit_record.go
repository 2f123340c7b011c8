package train

import "github.com/fallline/fallline/internal/saved"

// record is the history as a checkpoint holds it.
func (t *tally) record() (r saved.Record) {
	for _, e := range t.past {
		r.Epochs = append(r.Epochs, epochRow(e))
	}
	for _, x := range t.tests {
		r.Tests = append(r.Tests, saved.Test{float64(x.Iteration), x.Epoch, x.Loss, float64(x.Correct), float64(x.Examples)})
	}
	r.Current = epochRow(t.current)
	return r
}

// tallyOf goes back to what record gave.
func tallyOf(r saved.Record) (t tally) {
	for _, row := range r.Epochs {
		t.past = append(t.past, epochOf(row))
	}
	for _, row := range r.Tests {
		t.tests = append(t.tests, Tested{
			Iteration: int64(row[0]), Epoch: row[1], Evaluation: Evaluation{Loss: row[2], Correct: int(row[3]), Examples: int(row[4])},
		})
	}
	t.current = epochOf(r.Current)
	return t
}

func epochRow(e Epoch) saved.Epoch {
	row := saved.Epoch{
		float64(e.Number), float64(e.Iterations), float64(e.Examples), float64(e.Gradients), e.Loss, e.Rate, e.Seconds,
	}
	if e.Test != nil {
		copy(row[7:], []float64{1, e.Test.Loss, float64(e.Test.Correct), float64(e.Test.Examples)})
	}
	return row
}

func epochOf(r saved.Epoch) Epoch {
	e := Epoch{
		Number: int(r[0]), Iterations: int64(r[1]), Examples: int64(r[2]), Gradients: int64(r[3]), Loss: r[4], Rate: r[5], Seconds: r[6],
	}
	if r[7] != 0 {
		e.Test = &Evaluation{Loss: r[8], Correct: int(r[9]), Examples: int(r[10])}
	}
	return e
}
