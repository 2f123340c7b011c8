package main

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
)

// slowing is the share with which Lookahead's slow weights follow: all at the start, and ever less, down to 1 − keep
// after so many epochs.
//
//	α(t) = 1 − keep · (t/epochs)³
//
// The training moves fast at first and averages its last steps. Jordan 2024 has it of this form.
type slowing struct{ keep, epochs float64 }

func (s slowing) At(t schedules.Time) float64 {
	return 1 - s.keep*math.Pow(min(t.Epoch()/s.epochs, 1), 3)
}

func (s slowing) String() string { return fmt.Sprintf("slowing(%v,%vep)", s.keep, s.epochs) }

// CountsEpochs says that the schedule needs to know the epoch.
func (slowing) CountsEpochs() bool { return true }
