package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/fallline/fallline/graph/op"
)

// Dropout sets each number to 0 with probability p while training, and divides the others by 1 − p; in evaluation it does
// nothing. p lies in [0, 1). Any shape.
//
// The mask is a function of the model's seed, the layer's name, the batch's draw and the example's index: never of the place in
// a batch.
//
// Srivastava et al. 2014, in the form that scales while training.
func Dropout(p float64) Layer {
	return Func("dropout", func(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		if !(p >= 0 && p < 1) {
			return nil, errors.Errorf("probability %v outside [0, 1)", p)
		}
		if !c.Training() || p == 0 {
			return x, nil
		}
		return op.Dropout(x, p, c.Stream())
	})
}
