package main

import (
	"strconv"

	"github.com/fallline/fallline/schedules"
)

// course is a flag for a quantity that may change over time: a number, or a schedule in its text form.
type course struct {
	text     string
	number   float64            // where it is one
	schedule schedules.Schedule // else
}

func (c *course) String() string { return c.text }

// Set reads a number or a schedule.
func (c *course) Set(text string) error {
	*c = course{text: text}
	if x, err := strconv.ParseFloat(text, 64); err == nil {
		c.number = x
		return nil
	}
	s, err := schedules.Parse(text)
	c.schedule = s
	return err
}

// or is the schedule, or else a constant: the number where the flag was given, and what the recipe has where not.
func (c *course) or(recipe float64) schedules.Schedule {
	switch {
	case c.schedule != nil:
		return c.schedule
	case c.text != "":
		return schedules.Constant(c.number)
	}
	return schedules.Constant(recipe)
}

// follows says whether the schedule follows a metric, as a plateau does.
func (c *course) follows() (yes bool) {
	schedules.Walk(c.schedule, func(s schedules.Schedule) {
		_, observer := s.(schedules.Observer)
		yes = yes || observer
	})
	return yes
}
