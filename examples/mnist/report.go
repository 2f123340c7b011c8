package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

// result is what -json prints.
type result struct {
	Model             string  `json:"model"`
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

// report prints what came of a training.
func report(w io.Writer, s *settings, model *nn.Model, h *train.History) error {
	test := h.Test()
	if test.Examples == 0 {
		return errors.New("the model was not tested")
	}
	r := result{
		Model: s.name, Solver: s.solver, Epochs: len(h.Epochs), Batch: s.batchValue(), Updates: h.Iterations, Parameters: model.Parameters(), TrainLoss: h.Loss(),
		TestAccuracy: test.Accuracy(), TestErrors: test.Errors(), Seconds: h.Seconds, ExamplesPerSecond: h.ExamplesPerSecond(),
	}
	fmt.Fprintf(w, "test accuracy %.2f %%, %d of %d wrong; trained in %.1f s at %.0f examples/s, %d updates, %.1f data passes\n",
		100*r.TestAccuracy, r.TestErrors, test.Examples, r.Seconds, r.ExamplesPerSecond, r.Updates, h.Passes())
	if !s.json {
		return nil
	}
	return errors.Wrap(json.NewEncoder(w).Encode(r), "print the result")
}
