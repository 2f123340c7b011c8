package main

import (
	"fmt"
	"io"

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

// report prints and records what came of a training.
func (s *settings) report(w io.Writer, o *outcome) error {
	r := s.Result(s.name, o.model, o.history, o.final)
	fmt.Fprintf(w, "test accuracy %.2f %% as the mean of %d views, %d of %d wrong; %.2f %% as they are; trained in %.1f s at %.0f images/s\n",
		100*r.TestAccuracy, len(s.views), r.TestErrors, o.final.Examples, 100*o.history.Test().Accuracy(), r.Seconds, r.ExamplesPerSecond)
	if s.record != "" {
		if err := s.addRecord(r, o); err != nil {
			return err
		}
	}
	return s.Print(w, r)
}
