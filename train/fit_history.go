package train

import "github.com/fallline/fallline/solvers"

// tally is the history while it grows.
type tally struct {
	past    []Epoch // the epochs that have ended
	current Epoch   // the one that hasn't; its Loss is a sum over its examples
	tests   []Tested
}

// add counts an iteration.
func (t *tally) add(info solvers.Info, took float64) {
	t.current.Iterations++
	t.current.Examples += int64(info.Examples)
	t.current.Gradients += info.Gradients
	t.current.Loss += info.Loss * float64(info.Examples)
	t.current.Rate = info.Rate
	t.current.Seconds += took
}

// finished is the current epoch as it stands.
func (t *tally) finished() Epoch {
	e := t.current
	e.Number = len(t.past) + 1
	e.Loss = ratio(e.Loss, float64(e.Examples))
	return e
}

// next begins the next epoch.
func (t *tally) next() {
	t.past = append(t.past, t.finished())
	t.current = Epoch{}
}

// history is all epochs of n examples; the current one is among them once it has begun, with its test where that was
// made after as many iterations as are done.
func (t *tally) history(n, iterations int64) *History {
	h := &History{Tests: t.tests, Dataset: int(n), Epochs: t.past}
	if t.current.Iterations > 0 {
		e := t.finished()
		if k := len(t.tests); k > 0 && t.tests[k-1].Iteration == iterations {
			e.Test = &t.tests[k-1].Evaluation
		}
		h.Epochs = append(h.Epochs, e)
	}
	for _, e := range h.Epochs {
		h.Iterations += e.Iterations
		h.Examples += e.Examples
		h.Gradients += e.Gradients
		h.Seconds += e.Seconds
	}
	return h
}
