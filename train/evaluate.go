package train

import (
	"context"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Evaluation is how good a model is on a dataset.
type Evaluation struct {
	Loss     float64 // mean over the examples
	Correct  int     // examples whose class the model found; 0 for a regression
	Examples int
}

// Accuracy is the share of the examples whose class the model found.
func (e Evaluation) Accuracy() float64 { return ratio(float64(e.Correct), float64(e.Examples)) }

// Errors is the number of examples whose class the model didn't find.
func (e Evaluation) Errors() int { return e.Examples - e.Correct }

// evaluationBatch is the number of examples that are evaluated at a time.
const evaluationBatch = 256

// Evaluate runs a model on all examples of a dataset. Weights, a state of the model or a loss that aren't finite are a
// solvers.Diverged. It ends early, with the context's error, between batches.
func Evaluate(ctx context.Context, model Model, data datasets.Dataset) (Evaluation, error) {
	if ctx == nil {
		return Evaluation{}, errors.New("train: no context: it is nil")
	}
	if err := checkModel(model); err != nil {
		return Evaluation{}, errors.WithMessage(err, "train")
	}
	if err := checkData(model, data, "dataset"); err != nil {
		return Evaluation{}, errors.WithMessage(err, "train")
	}
	e, err := newEvaluator(model, data)
	if err != nil {
		return Evaluation{}, errors.WithMessage(err, "train")
	}
	defer e.close()
	result, err := e.run(ctx, model.Weights())
	return result, errors.WithMessage(err, "train")
}

// evaluator evaluates a model again and again on the same dataset.
type evaluator struct {
	model  Model
	reader *datasets.Reader
	all    []int32
}

func newEvaluator(model Model, data datasets.Dataset) (*evaluator, error) {
	r, err := datasets.NewReader(data, 1)
	if err != nil {
		return nil, err
	}
	e := &evaluator{model: model, reader: r, all: make([]int32, data.Len())}
	for i := range e.all {
		e.all[i] = int32(i)
	}
	return e, nil
}

func (e *evaluator) close() { e.reader.Close() }

// batch is the examples from number at on; none at the end.
func (e *evaluator) batch(at int) []int32 { return e.all[at:min(at+evaluationBatch, len(e.all))] }

// try evaluates the first batch, so that examples or a model that can't be evaluated are known before an epoch of work.
// That the context has ended is for the training to find.
func (e *evaluator) try(ctx context.Context) error {
	if ctx.Err() != nil {
		return nil
	}
	_, _, err := e.one(ctx, e.model.Weights(), 0, 0)
	return errors.WithMessage(err, "test set: evaluate")
}

// one evaluates the batch that begins at an example, while the one at next is read ahead.
func (e *evaluator) one(ctx context.Context, w *vector.Vector, at, next int) (loss float64, correct int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, 0, err
	}
	index := e.batch(at)
	b, err := e.reader.Batch(batch.Batch{Index: index})
	if err != nil {
		return 0, 0, err
	}
	if next > at && next < len(e.all) {
		e.reader.Prefetch(batch.Batch{Index: e.batch(next)})
	}
	return e.model.Evaluate(w, b)
}

// run evaluates the model at the weights w.
func (e *evaluator) run(ctx context.Context, w *vector.Vector) (Evaluation, error) {
	result := Evaluation{Examples: len(e.all)}
	err := finiteWeights(w)
	if err == nil {
		err = finiteState(e.model)
	}
	if err != nil {
		return Evaluation{}, errors.WithMessage(err, "evaluate")
	}
	for at := 0; at < len(e.all); at += evaluationBatch {
		index := e.batch(at)
		loss, correct, err := e.one(ctx, w, at, at+len(index))
		if err == nil && loss-loss != 0 {
			err = errors.WithStack(&solvers.Diverged{Quantity: solvers.TestLoss, Element: at, Value: loss, Iteration: -1})
		}
		if err != nil {
			return Evaluation{}, errors.WithMessage(err, "evaluate")
		}
		result.Loss += loss * ratio(float64(len(index)), float64(len(e.all)))
		result.Correct += correct
	}
	return result, nil
}
