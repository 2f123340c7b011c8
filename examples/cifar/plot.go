package main

import (
	"github.com/fallline/fallline/examples/internal/courses"
)

// draw draws what changes over time in a training as the settings have it.
func (s *settings) draw() error {
	batch := s.batches.or(float64(s.batch))
	all := []courses.Course{{Name: "learning rate", Schedule: s.newSchedule()}}
	if s.hasMomentum() {
		all = append(all, courses.Course{Name: "momentum", Schedule: s.mu.or(s.momentum)})
	}
	all = append(all, courses.Course{Name: "batch", Schedule: batch})
	return courses.Draw(s.plot, courses.Run{N: s.trainImages(), Epochs: s.epochs, Batch: batch}, all...)
}

// hasMomentum says whether the rule has one.
func (s *settings) hasMomentum() bool { return s.solver == "momentum" || s.solver == "nag" }

// trainImages is how many images there are to train on.
func (s *settings) trainImages() int {
	n := cifarTrain
	if s.synthetic {
		n = madeTrain
	}
	if s.images > 0 {
		return s.images
	}
	return n - s.validate
}
