package main

import (
	"context"

	"github.com/pkg/errors"
)

// draw draws what changes over time in a training as the settings have it, without training.
func (s *settings) draw(ctx context.Context) error {
	solver, err := s.newSolver() // which refuses what a training would
	if err != nil {
		return err
	}
	n, err := s.trainImages()
	if err != nil {
		return err
	}
	return s.Draw(ctx, n, solver)
}

// trainImages is how many images there are to train on.
func (s *settings) trainImages() (int, error) {
	n := cifarTrain
	if s.synthetic {
		n = madeTrain
	}
	switch left := n - s.validate; {
	case left < 1:
		return 0, errors.Errorf("-validate %d leaves none of %d images to train on", s.validate, n)
	case s.images > left:
		return 0, errors.Errorf("-images %d, and there are %d to train on", s.images, left)
	case s.images == 0:
		return left, nil
	}
	return s.images, nil
}
