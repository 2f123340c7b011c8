package training

import (
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/schedules"
)

// Flag is a flag for a quantity that may change over time: a number, or a schedule in its text form.
type Flag struct {
	Schedule schedules.Schedule // nil where the flag is a number or wasn't given
	text     string
	number   float64
}

func (f *Flag) String() string { return f.text }

// Set reads a number or a schedule.
func (f *Flag) Set(text string) error {
	text = strings.TrimSpace(text)
	*f = Flag{text: text}
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		f.number = x
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.New("want a finite number or a schedule")
		}
		return nil
	}
	s, err := schedules.Parse(text)
	if err != nil {
		return err
	}
	schedules.Walk(s, func(part schedules.Schedule) {
		if p, ok := part.(*schedules.Plateau); ok && p.Higher {
			err = errors.New("plateauhigh waits for a metric to rise, and the one to follow here is the training loss: want plateau")
		}
	})
	f.Schedule = s
	return err
}

// schedule is what the flag says as a schedule; nil where it wasn't given.
func (f *Flag) schedule() schedules.Schedule {
	if f.Schedule == nil && f.text != "" {
		return schedules.Constant(f.number)
	}
	return f.Schedule
}
