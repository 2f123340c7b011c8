package train

import (
	"strconv"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// BatchSchedule lets the number of examples in a batch change over time, in the place of Batch: growing it, where one would lower the
// rate, takes fewer iterations to the same accuracy (Smith, Kindermans, Ying & Le 2018).
//
//	train.BatchSchedule(schedules.Milestones(128, 5, schedules.Epochs(4), schedules.Epochs(6)))
//
// The value is rounded to the nearest integer and must be between 1 and the number of examples: where batches are drawn in the default way,
// a size outside is an error before the training begins, unless the schedule follows a metric or gets there after a million iterations. The order of the examples is that of any
// other batch, and each epoch ends exactly, with a short batch where one is left. It goes with the estimators that are
// solvers.AnyBatch. The sampler must be a solvers.Resizer, as those of package solvers are. Each size takes a moment to prepare for at first,
// so that a staircase is better than a slope.
func BatchSchedule(s schedules.Schedule) Option { return Schedule(batchName, s) }

// batchName is what the size of the batch is scheduled as.
const batchName = "batch"

// batchSchedule is the schedule of the batch; nil where there is none.
func (c *config) batchSchedule() schedules.Schedule {
	for _, q := range c.scheduled {
		if q.name == batchName {
			return q.schedule
		}
	}
	return nil
}

// batchText is the batch as checkpoints know it.
func (c *config) batchText() string {
	if s := c.batchSchedule(); s != nil {
		return s.String()
	}
	return strconv.Itoa(c.batch)
}

// foreseen is how many iterations checkBatches looks ahead: it takes well under a second.
const foreseen = 1 << 20

// checkBatches goes through the sizes of the batches to come, so that one outside [1, n] is an error now and not after hours of work. It
// can't where only the training itself will tell them: of a schedule that follows a metric, or with a sampler that may not end its epochs
// exactly.
func (c *config) checkBatches(n int) error {
	s := c.batchSchedule()
	if s == nil || c.given["Sample"] || anyFollows(s) {
		return nil
	}
	sampler, err := solvers.Cyclic(n, c.batch) // as many examples in each batch as in any other order
	if err != nil {
		return err
	}
	if sampler, err = solvers.ScheduleBatch(sampler, s); err != nil {
		return err
	}
	now := schedules.Time{N: int64(n)}
	for ; now.Step < foreseen && !c.over(now); now.Step++ {
		if err := sampler.(solvers.Timed).Begin(now); err != nil {
			return err
		}
		now.Seen += int64(len(sampler.Next().Index))
	}
	return nil
}

// anyFollows says whether a schedule, or one inside it, changes by more than the time.
func anyFollows(s schedules.Schedule) (any bool) {
	schedules.Walk(s, func(in schedules.Schedule) { any = any || follows(in) })
	return any
}
