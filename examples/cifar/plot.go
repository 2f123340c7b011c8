package main

import "context"

// draw draws what changes over time in a training as the settings have it, without training.
func (s *settings) draw(ctx context.Context) error {
	solver, err := s.newSolver() // which refuses what a training would
	if err != nil {
		return err
	}
	return s.Draw(ctx, s.trainImages(), solver, s.newSchedule())
}

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
