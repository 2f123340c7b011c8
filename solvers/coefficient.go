package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// coefficient is a quantity of an estimator in [0, 1] that changes over time.
type coefficient struct {
	name     string
	schedule schedules.Schedule
}

// validate checks the schedule and its first value, for the estimator of a name.
func (c coefficient) validate(estimator string) error {
	return knob{name: estimator + ": " + c.name, schedule: c.schedule, legal: Closed(0, 1)}.check()
}

// at is the value at a time.
func (c coefficient) at(t schedules.Time) (float64, error) {
	x := c.schedule.At(t)
	if legal := Closed(0, 1); !legal.Has(x) {
		return 0, errors.Errorf("%s %v outside %v (%v)", c.name, x, legal, c.schedule)
	}
	return x, nil
}
