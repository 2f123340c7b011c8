package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// outcome is what came of a training.
type outcome struct {
	photos  *photos
	model   *nn.Model
	solver  *solvers.Solver
	history *train.History
	final   train.Evaluation // of the mean over the recipe's views
}

// result is what -json prints.
type result struct {
	Model             string  `json:"model"` // the recipe
	Solver            string  `json:"solver"`
	Epochs            int     `json:"epochs"`
	Batch             any     `json:"batch"` // a number, or a schedule as text
	Updates           int64   `json:"updates"`
	Parameters        int     `json:"parameters"`
	TrainLoss         float64 `json:"train_loss"`    // mean over the last epoch
	TestAccuracy      float64 `json:"test_accuracy"` // from 0 to 1, of the mean over the recipe's views
	TestErrors        int     `json:"test_errors"`
	Seconds           float64 `json:"seconds"` // of training, without evaluation
	ExamplesPerSecond float64 `json:"examples_per_second"`
}

// result is the outcome in numbers.
func (s *settings) result(o *outcome) result {
	return result{
		Model: s.name, Solver: s.solver, Epochs: len(o.history.Epochs), Batch: s.batchValue(), Updates: o.history.Iterations, Parameters: o.model.Parameters(),
		TrainLoss: o.history.Loss(), TestAccuracy: o.final.Accuracy(), TestErrors: o.final.Errors(),
		Seconds: o.history.Seconds, ExamplesPerSecond: o.history.ExamplesPerSecond(),
	}
}

// report prints and records what came of a training.
func (s *settings) report(w io.Writer, o *outcome) error {
	r := s.result(o)
	fmt.Fprintf(w, "test accuracy %.2f %% as the mean of %d views, %d of %d wrong; %.2f %% as they are; trained in %.1f s at %.0f images/s\n",
		100*r.TestAccuracy, len(s.views), r.TestErrors, o.final.Examples, 100*o.history.Test().Accuracy(), r.Seconds, r.ExamplesPerSecond)
	if s.record != "" {
		if err := s.addRecord(o); err != nil {
			return err
		}
	}
	if !s.json {
		return nil
	}
	return errors.Wrap(json.NewEncoder(w).Encode(r), "print the result")
}
