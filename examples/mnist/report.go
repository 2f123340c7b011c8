package main

import (
	"fmt"
	"io"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/train"
)

// report prints what came of a training.
func report(w io.Writer, s *settings, model *nn.Model, h *train.History) error {
	test := h.Test()
	if test.Examples == 0 {
		return errors.New("the model was not tested")
	}
	r := s.Result(s.name, model, h, test.Evaluation)
	fmt.Fprintf(w, "test accuracy %.2f %%, %d of %d wrong; trained in %.1f s at %.0f examples/s, %d updates, %.1f data passes\n",
		100*r.TestAccuracy, r.TestErrors, test.Examples, r.Seconds, r.ExamplesPerSecond, r.Updates, h.Passes())
	return s.Print(w, r)
}
