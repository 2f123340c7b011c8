package train

import (
	"context"
	"slices"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/isnil"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// check validates everything before any work is done.
func (c *config) check(ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver) error {
	if ctx == nil {
		return errors.New("no context: it is nil")
	}
	if err := checkModel(model); err != nil {
		return err
	}
	if err := checkData(model, data, "dataset"); err != nil {
		return err
	}
	if solver == nil {
		return errors.New("no solver: it is nil")
	}
	if err := c.checkSolution(model); err != nil {
		return err
	}
	if err := c.checkMetric(); err != nil {
		return err
	}
	if c.test != nil {
		if err := checkData(model, c.test, "test set"); err != nil {
			return err
		}
		if err := datasets.CheckClasses(data, c.test); err != nil {
			return err
		}
	}
	if c.given["Epochs"] && c.given["Iterations"] {
		return errors.New("Epochs and Iterations are both given: want one of them")
	}
	if c.given["Batch"] && c.batchSchedule() != nil {
		return errors.New("Batch and a schedule of the batch are both given: want one of them")
	}
	if n := data.Len(); !c.given["Batch"] {
		c.batch = min(c.batch, n)
	} else if c.batch > n {
		return errors.Errorf("batches of %d examples from a dataset of %d", c.batch, n)
	}
	if c.given["StatisticsFrom"] {
		return errors.WithMessage(Recalibration{Examples: c.statistics, Batch: data.Len()}.checkFor(model, data.Len()), "StatisticsFrom")
	}
	return nil
}

func checkModel(m Model) error {
	switch {
	case isnil.Any(m):
		return errors.New("no model: it is nil")
	case m.Weights() == nil || m.Weights().Count() == 0:
		return errors.New("the model has no weights")
	}
	return nil
}

// checkData checks that a dataset is one and that its examples fit the model; what is its part in the training.
func checkData(m Model, d datasets.Dataset, what string) error {
	if isnil.Any(d) {
		return errors.Errorf("no %s: it is nil", what)
	}
	if err := datasets.Validate(d); err != nil {
		return errors.WithMessage(err, what)
	}
	if want, have := m.InputShape(), d.Shape(); !slices.Equal(want, have) {
		return errors.Errorf("the model takes examples of shape %s, the %s has those of shape %s", text.Shape(want), what, text.Shape(have))
	}
	switch want, have := m.Classes(), d.Classes(); {
	case have > want && want > 0:
		return errors.Errorf("the model tells %d classes apart, the %s has %d", want, what, have)
	case have > 0 && want == 0:
		return errors.Errorf("the model is a regression, the %s has %d classes", what, have)
	case have == 0 && want > 0:
		return errors.Errorf("the model tells %d classes apart, the %s is a regression", want, what)
	}
	return checkOutputs(m, d, what)
}

// Shaped is an optional interface of Model: one that tells the shape of an example's outputs, for the number of targets
// to be compared with.
type Shaped interface {
	OutputShape() []int
}

// checkOutputs compares the numbers of targets where both sides tell.
func checkOutputs(m Model, d datasets.Dataset, what string) error {
	shaped, ok := m.(Shaped)
	have := datasets.Outputs(d)
	if !ok || have == 0 || m.Classes() > 0 {
		return nil
	}
	if shape := shaped.OutputShape(); datasets.Features(shape) != have {
		return errors.Errorf("the model gives outputs of shape %s, the %s has %d targets an example", text.Shape(shape), what, have)
	}
	return nil
}
