package training

import (
	"context"

	"github.com/fallline/fallline/examples/internal/courses"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// Draw draws how rate, momentum and batch change over a training on n examples, to the file of -plot-schedule.
func (s *Settings) Draw(ctx context.Context, n int, solver *solvers.Solver, rate schedules.Schedule) error {
	all := []courses.Course{{Name: "learning rate", Schedule: rate}}
	for _, v := range solver.Values(schedules.Time{}) {
		if v.Name != "momentum" {
			continue
		}
		momentum := s.MomentumFlag.schedule()
		if momentum == nil {
			momentum = schedules.Constant(v.Value)
		}
		all = append(all, courses.Course{Name: v.Name, Schedule: momentum})
	}
	batches := s.batches()
	all = append(all, courses.Course{Name: "batch", Schedule: batches})
	return courses.Draw(ctx, s.Plot, courses.Run{N: n, Epochs: s.Epochs, Batch: batches}, all...)
}
