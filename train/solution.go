package train

import (
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Solution writes the solver's solution into a vector like the model's weights, before each test and at the end: the average of the
// weights where the solver has solvers.Average, or the parameter of a method that looks ahead, as solvers.Run.Solution does. Test then
// evaluates it in the place of the weights, which are trained on as if nobody looked:
//
//	mean := model.Weights().Like()
//	history, err := train.Fit(ctx, model, data, solver, train.Test(test), train.Solution(mean))
//	model.Weights().Copy(mean)
//
// Running statistics, as those of batch norm, are the ones of the weights.
func Solution(to *vector.Vector) Option {
	return once("Solution", func(c *config) error {
		c.solution = to
		if to == nil {
			return errors.New("no vector for the solution: it is nil")
		}
		return nil
	})
}

// checkSolution returns an error for a vector that can't hold the model's solution.
func (c *config) checkSolution(model Model) error {
	if c.solution == nil {
		return nil
	}
	if c.solution == model.Weights() {
		return errors.New("the vector for the solution is that of the weights, which would disturb the training")
	}
	return errors.WithMessage(c.solution.Check(model.Weights()), "the vector for the solution")
}

// solved is what to evaluate: the weights, or the solution where it was asked for.
func (f *fit) solved() (*vector.Vector, error) {
	if f.solution == nil {
		return f.model.Weights(), nil
	}
	return f.solution, f.run.Solution(f.solution)
}
