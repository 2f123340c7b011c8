package main

import (
	"github.com/fallline/fallline/examples/internal/courses"
	"github.com/fallline/fallline/schedules"
)

// draw draws what changes over time in a training as the settings have it, without training.
func (s *settings) draw() error {
	digits, err := s.load()
	if err != nil {
		return err
	}
	n := digits.Train.Len()
	solver, err := s.newSolver(n) // which refuses what a training would
	if err != nil {
		return err
	}
	rate, err := s.rateSchedule(n)
	if err != nil {
		return err
	}
	all := []courses.Course{{Name: "learning rate", Schedule: rate}}
	for _, v := range solver.Values(schedules.Time{}) {
		if v.Name != "momentum" {
			continue
		}
		momentum := s.momentum.asSchedule()
		if momentum == nil {
			momentum = schedules.Constant(v.Value)
		}
		all = append(all, courses.Course{Name: v.Name, Schedule: momentum})
	}
	batch := s.batches.schedule
	if batch == nil {
		batch = schedules.Constant(float64(s.batch))
	}
	all = append(all, courses.Course{Name: "batch", Schedule: batch})
	return courses.Draw(s.plot, courses.Run{N: n, Epochs: s.epochs, Batch: batch}, all...)
}
