package train

import "slices"

// History is what happened in a training, the part before a Resume included.
type History struct {
	Epochs []Epoch // the last is of fewer examples than the others where the training ended inside it
	Tests  []Tested

	Iterations int64   // iterations done
	Examples   int64   // examples seen
	Gradients  int64   // of single examples, computed: an estimator may compute more than one for each example seen
	Dataset    int     // examples in the dataset
	Seconds    float64 // time that training took, evaluation, hooks and saving not counted
}

// Passes is how many times the gradients of the whole dataset were computed: the cost by which estimators are compared.
func (h *History) Passes() float64 { return ratio(float64(h.Gradients), float64(h.Dataset)) }

// ExamplesPerSecond is how many examples were seen in a second of training.
func (h *History) ExamplesPerSecond() float64 { return ratio(float64(h.Examples), h.Seconds) }

// Test is the last evaluation; one of no examples where there is none. After a training without error it is of the
// model as Fit left it.
func (h *History) Test() Tested {
	if len(h.Tests) == 0 {
		return Tested{}
	}
	return h.Tests[len(h.Tests)-1]
}

// Loss is the mean training loss over the last epoch, as Epoch.Loss; 0 where there is none.
func (h *History) Loss() float64 {
	if len(h.Epochs) == 0 {
		return 0
	}
	return h.Epochs[len(h.Epochs)-1].Loss
}

// clone is a copy that shares nothing.
func (h *History) clone() *History {
	c := *h
	c.Tests = slices.Clone(h.Tests)
	c.Epochs = make([]Epoch, len(h.Epochs))
	for i, e := range h.Epochs {
		c.Epochs[i] = e.clone()
	}
	return &c
}

// Epoch is what happened in one epoch.
type Epoch struct {
	Number     int         // from 1
	Iterations int64       // done in it
	Examples   int64       // seen in it
	Gradients  int64       // of single examples, computed in it
	Loss       float64     // mean over the examples seen, each at the weights of its iteration
	Rate       float64     // learning rate of its last iteration
	Seconds    float64     // time that training took
	Test       *Evaluation // made at its end; nil where none was
}

// ExamplesPerSecond is how many examples were seen in a second of training.
func (e Epoch) ExamplesPerSecond() float64 { return ratio(float64(e.Examples), e.Seconds) }

// clone is a copy that shares nothing.
func (e Epoch) clone() Epoch {
	if e.Test != nil {
		test := *e.Test
		e.Test = &test
	}
	return e
}

// Tested is an evaluation in the course of a training.
type Tested struct {
	Iteration int64   // iterations done before it
	Epoch     float64 // epochs done before it, as a fraction
	Evaluation
}

// ratio is x/y, and 0 where y is.
func ratio(x, y float64) float64 {
	if y == 0 {
		return 0
	}
	return x / y
}
