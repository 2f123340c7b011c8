package main

import "context"

// draw draws what changes over time in a training as the settings have it, without training.
func (s *settings) draw(ctx context.Context) error {
	digits, err := s.load()
	if err != nil {
		return err
	}
	n := digits.Train.Len()
	solver, err := s.newSolver(n) // which refuses what a training would
	if err != nil {
		return err
	}
	return s.Draw(ctx, n, solver)
}
