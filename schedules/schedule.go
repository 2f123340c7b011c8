// Package schedules says how a quantity of a training run, such as the learning rate, changes over time.
//
// A Schedule is a pure function of Time: there is no state to save, and a run that is resumed gets the remaining values
// bit for bit. (Plateau, which follows a metric, is the one that isn't.) Its String is a text form to print and to log,
// such as warmup(200)+cosine(0.05,0,3552), which Parse reads.
//
// Every length is given in iterations, as an int, or in epochs, as Epochs: Cosine(0.1, 0, 3552), Cosine(0.1, 0,
// Epochs(8)). Constructors never fail; Validate tells what is wrong with a schedule, and whoever takes one calls it.
//
// # Optional interfaces
//
// What a Schedule of one's own may do beside what it must: Validator, EpochCounter, Tailer, Stateful, Observer, and
// Composed for one that has others inside, which then are asked for the rest by Validate, CountsEpochs, Visit and
// Observe.
package schedules

import (
	"math"
	"strconv"

	"github.com/pkg/errors"
)

// Schedule gives the value of a quantity at a time. At has no side effects: it may be asked for any time in any order.
type Schedule interface {
	At(Time) float64
	String() string
}

// Validator is an optional interface of Schedule: one that can be set wrongly. Validate doesn't look at schedules
// inside.
type Validator interface {
	Validate() error
}

// Validate returns an error that says which setting of a schedule, or of one inside it, is illegal and what is legal. A
// schedule that is no Validator is taken as it is; nil is an error, inside another one, too.
func Validate(s Schedule) error {
	if s == nil {
		return errors.New("schedules: no schedule (nil)")
	}
	if v, ok := s.(Validator); ok {
		if err := v.Validate(); err != nil {
			return err
		}
	}
	for _, in := range innerOf(s) {
		if err := Validate(in); err != nil {
			return err
		}
	}
	return nil
}

// EpochCounter is an optional interface of Schedule: one that may count in epochs itself, whatever those inside it do.
type EpochCounter interface {
	CountsEpochs() bool
}

// CountsEpochs says whether a schedule, or one inside it, counts in epochs, and so needs Time.N.
func CountsEpochs(s Schedule) bool {
	return has(s, func(in Schedule) bool {
		c, ok := in.(EpochCounter)
		return ok && c.CountsEpochs()
	})
}

// text formats a number as briefly as it can be read back.
func text(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// finite returns an error that names the quantity, unless x is a number.
func finite(schedule, quantity string, x float64) error {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return errors.Errorf("schedules: %s: %s %v, want a finite number", schedule, quantity, x)
	}
	return nil
}

// positive returns an error that names the quantity, unless x is a number above 0.
func positive(schedule, quantity string, x float64) error {
	if !(x > 0) || math.IsInf(x, 0) {
		return errors.Errorf("schedules: %s: %s %v, want above 0", schedule, quantity, x)
	}
	return nil
}

// within returns an error that names the quantity, unless x is in [low, high].
func within(schedule, quantity string, x, low, high float64) error {
	if !(x >= low && x <= high) {
		return errors.Errorf("schedules: %s: %s %v outside [%v, %v]", schedule, quantity, x, low, high)
	}
	return nil
}

// between returns an error that names the quantity, unless x is above 0 and below 1.
func between(schedule, quantity string, x float64) error {
	if !(x > 0 && x < 1) {
		return errors.Errorf("schedules: %s: %s %v outside (0, 1)", schedule, quantity, x)
	}
	return nil
}

// firstOf returns the first error of a list.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
