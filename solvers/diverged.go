package solvers

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Diverged is the error of an iteration in which a number isn't finite: of the gradient, the loss, the weights, or what
// the solver keeps. Mostly that is because the rate is too high. A search for rates finds it by errors.As:
//
//	var diverged *solvers.Diverged
//	if errors.As(err, &diverged) { ... }
//
// The weights and the rule's state are those before the iteration, unless Moved is set. What an estimator keeps may be
// that of the iteration.
type Diverged struct {
	Quantity  Quantity // what isn't finite
	Array     string   // of State: which, as in rule.mean-square
	Parameter string   // the first that is concerned; empty for a loss
	Element   int      // the first one of it; of a TestLoss the first example of the batch
	Value     float64  // NaN or an infinity
	Iteration int64    // iterations done before; −1 outside a training

	// Moved says that the weights aren't those before the iteration. It takes a rule, a proximal operator or a Method
	// of one's own that makes infinities of ordinary numbers, or somebody who writes them into the weights between
	// iterations: where numbers are so large that a rule of this package may overflow, a run keeps copies to go back
	// to.
	Moved bool
}

// Quantity is what Diverged is about.
type Quantity int

const (
	Gradient Quantity = iota // the estimate of the gradient
	Loss                     // the mean loss over the batch, or what a StepSize knows of it
	Weight                   // the weights, as they are before the first iteration or would be after this one
	State                    // what rule, estimator, averaging or StepSize keep
	TestLoss                 // the mean loss over a batch of the test set
)

// String is the quantity's name.
func (q Quantity) String() string {
	names := [...]string{"gradient", "loss", "weight", "state", "test loss"}
	if q < 0 || int(q) >= len(names) {
		return fmt.Sprintf("Quantity(%d)", int(q))
	}
	return names[q]
}

// Error says what was found and where.
func (d *Diverged) Error() string {
	what := d.Quantity.String()
	if d.Array != "" {
		what = d.Array
	}
	if d.Parameter != "" {
		what = fmt.Sprintf("%s of %q", what, d.Parameter)
	}
	text := fmt.Sprintf("solvers: %s is %v", what, d.Value)
	switch {
	case d.Quantity == TestLoss:
		text += fmt.Sprintf(" from example %d on", d.Element)
	case d.Parameter != "" || d.Quantity == State:
		text += fmt.Sprintf(" (element %d)", d.Element)
	}
	if d.Iteration >= 0 {
		text += fmt.Sprintf(" at iteration %d", d.Iteration)
	}
	if d.Moved {
		text += ", and the weights have moved"
	}
	return text
}

// finiteLoss returns an error for a loss that isn't finite.
func finiteLoss(loss float64, iteration int64) error {
	if loss-loss == 0 {
		return nil
	}
	return errors.WithStack(&Diverged{Quantity: Loss, Value: loss, Iteration: iteration})
}

// finiteVector returns an error that names the first number of a vector that isn't finite. array is for State.
func finiteVector(q Quantity, array string, v *vector.Vector, iteration int64) error {
	if d := badNumber(q, array, v, iteration); d != nil {
		return errors.WithStack(d)
	}
	return nil
}

// badNumber is the error of finiteVector; nil where there is none.
func badNumber(q Quantity, array string, v *vector.Vector, iteration int64) *Diverged {
	name, at, x, bad := v.Bad()
	if !bad {
		return nil
	}
	return &Diverged{Quantity: q, Array: array, Parameter: name, Element: at, Value: x, Iteration: iteration}
}

// finiteNumbers is finiteVector for an array that Visit shows, ARRAY/PARAMETER or ARRAY. Whole numbers always are
// finite.
func finiteNumbers(array string, data any, iteration int64) error {
	at, value := -1, 0.0
	switch d := data.(type) {
	case []float32:
		if at = vector.NotFinite(d); at >= 0 {
			value = float64(d[at])
		}
	case []float64:
		if at = vector.NotFinite(d); at >= 0 {
			value = d[at]
		}
	}
	if at < 0 {
		return nil
	}
	array, parameter, _ := strings.Cut(array, "/")
	return errors.WithStack(&Diverged{Quantity: State, Array: array, Parameter: parameter, Element: at, Value: value, Iteration: iteration})
}
