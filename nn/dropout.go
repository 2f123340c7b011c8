package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// Dropout sets each number to 0 with probability p while training, and divides the others by 1 − p; in evaluation it
// does nothing. p lies in [0, 1). Any shape.
//
// The mask is a function of the model's seed, the layer's name, the batch's draw and the example's index: never of the
// place in a batch. p may change while training: Model.Tune sets it in the layer of a name, or in all layers of the
// kind "dropout", and train.Schedule has it change over time. A dropout of 0 is left out, and can't change.
//
// Srivastava et al. 2014, in the form that scales while training.
func Dropout(p float64) Layer {
	return Func("dropout", func(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		if err := checkProbability(p); err != nil || !c.Training() || p == 0 {
			return x, err
		}
		v, err := c.Variable("dropout", p, checkProbability)
		if err != nil {
			return nil, err
		}
		return op.DropoutVar(x, v, c.Stream())
	})
}

func checkProbability(p float64) error {
	if !(p >= 0 && p < 1) {
		return errors.Errorf("probability %v outside [0, 1)", p)
	}
	return nil
}
