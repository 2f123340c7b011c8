package training

import (
	"context"

	"github.com/fallline/fallline/examples/internal/courses"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// Draw draws how rate, momentum and batch change over a training on n examples, to the file of -plot-schedule. Values
// that would end the training are an error here, too.
func (s *Settings) Draw(ctx context.Context, n int, solver *solvers.Solver) error {
	var all []courses.Course
	solver.Schedules(func(name string, of schedules.Schedule) {
		switch name {
		case "rate":
			all = append(all, courses.Course{Name: "learning rate", Schedule: of})
		case "momentum":
			all = append(all, courses.Course{Name: name, Schedule: of})
		}
	})
	batches := s.batches()
	all = append(all, courses.Course{Name: "batch", Schedule: batches})
	return courses.Draw(ctx, s.Plot, courses.Run{N: n, Epochs: s.Epochs, Batch: batches, Check: solver.Check}, all...)
}
