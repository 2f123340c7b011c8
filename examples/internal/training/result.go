package training

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

// Result is what -json prints.
type Result struct {
	Model             string  `json:"model"` // the recipe
	Solver            string  `json:"solver"`
	Epochs            int     `json:"epochs"`
	Batch             any     `json:"batch"` // a number, or a schedule as text
	Updates           int64   `json:"updates"`
	Parameters        int     `json:"parameters"`
	TrainLoss         float64 `json:"train_loss"`    // mean over the last epoch
	TestAccuracy      float64 `json:"test_accuracy"` // from 0 to 1
	TestErrors        int     `json:"test_errors"`
	Seconds           float64 `json:"seconds"` // of training, without evaluation
	ExamplesPerSecond float64 `json:"examples_per_second"`
}

// Result is what came of a recipe's training, and of its test in the end.
func (s *Settings) Result(recipe string, model *nn.Model, h *train.History, test train.Evaluation) Result {
	return Result{
		Model: recipe, Solver: s.Solver, Epochs: len(h.Epochs), Batch: s.BatchValue(), Updates: h.Iterations, Parameters: model.Parameters(),
		TrainLoss: h.Loss(), TestAccuracy: test.Accuracy(), TestErrors: test.Errors(), Seconds: h.Seconds, ExamplesPerSecond: h.ExamplesPerSecond(),
	}
}

// Stopped is the error of a training that has begun, with how to go on where it was interrupted and saved.
func (s *Settings) Stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && s.Save != "" {
		return fmt.Errorf("%w; -resume %s goes on from there", err, s.Save)
	}
	return err
}

// Print prints the result as a line of JSON where -json asks for it.
func (s *Settings) Print(w io.Writer, r Result) error {
	if !s.JSON {
		return nil
	}
	return errors.Wrap(json.NewEncoder(w).Encode(r), "print the result")
}
