package train

import (
	"context"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/graph"
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

// Evaluate runs a model on all examples of a dataset. It ends early, with the context's error, between batches.
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

// run evaluates the model at the weights w.
func (e *evaluator) run(ctx context.Context, w *vector.Vector) (Evaluation, error) {
	result := Evaluation{Examples: len(e.all)}
	for at := 0; at < len(e.all); at += evaluationBatch {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, errors.WithMessage(err, "evaluate")
		}
		index := e.batch(at)
		b, err := e.reader.Batch(index, 0)
		if err != nil {
			return Evaluation{}, errors.WithMessage(err, "evaluate")
		}
		if next := at + len(index); next < len(e.all) {
			e.reader.Prefetch(e.batch(next), 0)
		}
		loss, correct, err := e.model.Evaluate(w, graph.Batch{X: b.X, Labels: b.Labels, Targets: b.Targets, Index: index})
		if err != nil {
			return Evaluation{}, errors.WithMessage(err, "evaluate")
		}
		result.Loss += loss * float64(len(index)) / float64(len(e.all))
		result.Correct += correct
	}
	return result, nil
}
