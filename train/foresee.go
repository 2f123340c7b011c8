package train

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// foreseen is how many iterations are looked at beforehand: it takes well under a second.
const foreseen = 1 << 20

// foresee goes through the iterations to come, so that a size of the batch, or a value of the solver's or the model's, that isn't legal is an
// error now and not after hours of work. It can't where only the training itself will tell when they come: where the size of the batch follows a metric,
// with a sampler that may not end its epochs exactly, and with estimators that take batches of their own.
func (c *config) foresee(solver *solvers.Solver, tuner *tuner, n int) error {
	s := c.batchSchedule()
	if _, any := solver.Estimator().(solvers.AnyBatch); !any || c.given["Sample"] || s != nil && !schedules.Pure(s) {
		return nil
	}
	sampler, err := solvers.Cyclic(n, c.batch) // as many examples in each batch as in any other order
	if err == nil && s != nil {
		sampler, err = solvers.ScheduleBatch(sampler, s)
	}
	if err != nil {
		return err
	}
	timed, _ := sampler.(solvers.Timed)
	now := schedules.Time{N: int64(n)}
	for ; now.Step < foreseen; now.Step++ {
		if err := solver.Check(now); err != nil || c.over(now) { // the last iteration looks ahead to the one that would follow
			return err
		}
		if err := tuner.foresee(now); err != nil {
			return err
		}
		if timed != nil {
			if err := timed.Begin(now); err != nil {
				return err
			}
		}
		now.Seen += int64(len(sampler.Next().Index))
	}
	return nil
}
