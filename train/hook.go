package train

import (
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// Stop is what a hook returns to end the training in good order: the model is evaluated and saved once more, and Fit
// returns without an error. Where the hook has put other weights into the model, as the best of those before, these are
// the training's result. Any other error of a hook ends the training at once, and Fit returns it.
var Stop = errors.New("train: stop")

// Figures are the numbers of the iteration just done.
type Figures struct {
	Number   int64          // iterations done, from 1
	Epoch    float64        // epochs done, as a fraction
	Loss     float64        // mean over the batch, before the step
	Rate     float64        // learning rate of the step
	Norm     float64        // Euclidean norm of the gradient, before clipping
	Examples int            // in the batch
	Pieces   solvers.Pieces // in which it was evaluated, by MicroBatch or MemoryLimit; zero where it was whole
	Seconds  float64        // that it took

	// Running is the epoch so far, with this iteration; whole, but for its Test, after the epoch's last one.
	Running Epoch
}

// Iteration is what a hook learns of the iteration just done.
type Iteration struct {
	Figures

	// Run is the solver's run, to be looked at: for the values of hyperparameters, the state, or a
	// solvers.VarianceMeter. A hook must not step it.
	Run *solvers.Run

	// Objective is what the training minimises, for instruments. Looking at it costs what was read ahead.
	Objective solvers.Objective
}

// OnIteration calls f after each iteration. Several hooks are called in the order in which they were given.
func OnIteration(f func(Iteration) error) Option {
	return func(c *config) error {
		if f == nil {
			return errors.New("a hook is nil")
		}
		c.onIteration = append(c.onIteration, f)
		return nil
	}
}

// OnEpoch calls f at the end of each epoch, after the evaluation if there is one. With Solution that is of the
// solution: it is Solution's vector to keep where a test was good, and to put back into the model.
func OnEpoch(f func(Epoch) error) Option {
	return func(c *config) error {
		if f == nil {
			return errors.New("a hook is nil")
		}
		c.onEpoch = append(c.onEpoch, f)
		return nil
	}
}
