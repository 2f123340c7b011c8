package schedules_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// InverseTime falls as one over time, from Start to a half after Half iterations.
//
//	η(t) = Start / (1 + t/Half)
//
// Its sum diverges and that of its squares doesn't, as Robbins & Monro 1951 ask of a rate.
type InverseTime struct {
	Start float64
	Half  int64 // iterations, at least 1
}

func (s InverseTime) At(t schedules.Time) float64 {
	return s.Start / (1 + float64(t.Step)/float64(s.Half))
}

func (s InverseTime) String() string { return fmt.Sprintf("inversetime(%v,%d)", s.Start, s.Half) }

// Validate is asked for by whoever takes the schedule.
func (s InverseTime) Validate() error {
	if math.IsNaN(s.Start) || math.IsInf(s.Start, 0) {
		return errors.Errorf("inversetime: start %v, want a finite number", s.Start)
	}
	if s.Half < 1 {
		return errors.Errorf("inversetime: half after %d iterations, want at least 1", s.Half)
	}
	return nil
}

// A schedule of one's own goes wherever one of this package does.
func ExampleSchedule() {
	show(schedules.Warmup(10, InverseTime{Start: 0.1, Half: 100}), 0, 9, 10, 110, 310)
	fmt.Println(schedules.Validate(schedules.Warmup(10, InverseTime{Start: 0.1})))
	// Output:
	// warmup(10)+inversetime(0.1,100) 0.01 0.1 0.1 0.05 0.025
	// inversetime: half after 0 iterations, want at least 1
}
