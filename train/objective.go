package train

import (
	"context"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Objective is the mean loss of a model over a dataset as a function of the weights: what solvers minimise. Batches
// that a solver announces are read ahead on another goroutine, which Close ends.
//
// Fit makes its own. Make one to drive a solver by hand: solver.Open(objective, model.Weights(), sampler). WithContext
// has a pass over all examples end early.
type Objective struct {
	ctx    context.Context // ends Gradient and Loss
	model  Model
	data   datasets.Dataset
	reader *datasets.Reader
	n      int
}

// readAhead is how many batches are read ahead: the one that comes next, and the one that is announced while that one
// still waits.
const readAhead = 2

// NewObjective makes an Objective. A dataset whose examples don't fit the model is an error.
func NewObjective(model Model, data datasets.Dataset) (*Objective, error) {
	if err := checkModel(model); err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	if err := checkData(model, data, "dataset"); err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	return newObjective(model, data)
}

func newObjective(model Model, data datasets.Dataset) (*Objective, error) {
	r, err := datasets.NewReader(data, readAhead)
	if err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	return &Objective{ctx: context.Background(), model: model, data: data, reader: r, n: data.Len()}, nil
}

// WithContext is the same objective in a context: once that has ended, Gradient and Loss return its error, so that a
// solver's iteration, a pass over all examples or a line search ends within a batch. What solvers.Run keeps is then as
// it was before the iteration. Both have one reader, which either one's Close ends. A nil context is one that never
// ends.
func (o *Objective) WithContext(ctx context.Context) *Objective {
	in := *o
	in.ctx = ctx
	if ctx == nil {
		in.ctx = context.Background()
	}
	return &in
}

// Len is the number of examples.
func (o *Objective) Len() int { return o.n }

// MinBatch is how many examples a batch must have, as the model tells: 1 of one that doesn't.
func (o *Objective) MinBatch() int { return minBatch(o.model) }

// minBatch is how many examples a model or an objective wants in a batch.
func minBatch(of any) int {
	if m, ok := of.(solvers.MinBatcher); ok {
		return max(1, m.MinBatch())
	}
	return 1
}

// NewVector makes a zero vector like the model's weights.
func (o *Objective) NewVector() *vector.Vector { return o.model.Weights().Like() }

// Prefetch reads a batch ahead.
func (o *Objective) Prefetch(b batch.Batch) { o.reader.Prefetch(b) }

// Gradient writes the gradient at w of the mean loss over the batch into g and returns that loss.
func (o *Objective) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	b, err := o.read(b)
	if err != nil {
		return 0, err
	}
	return o.model.Gradient(w, g, b)
}

// read returns a batch with its examples, unless the context has ended before or meanwhile.
func (o *Objective) read(b batch.Batch) (batch.Batch, error) {
	if err := o.ctx.Err(); err != nil {
		return b, err
	}
	if least := minBatch(o.model); len(b.Index) < least {
		return b, errors.Errorf("a batch of %s, and the model takes at least %d in training: %s: a sampler that is a solvers.Joiner joins it to another",
			text.Count(len(b.Index), "example"), least, alone)
	}
	b, err := o.reader.Batch(b)
	if err == nil {
		err = o.ctx.Err()
	}
	return b, err
}

// Loss returns the mean loss over the batch, the training graph's: with the dropout of the batch's Draw.
func (o *Objective) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	return o.Gradient(w, nil, b)
}

// Close ends the goroutine that reads ahead. The Objective is of no use afterwards.
func (o *Objective) Close() { o.reader.Close() }
