package train

import (
	"strconv"

	"github.com/fallline/fallline/schedules"
)

// BatchSchedule lets the number of examples in a batch change over time, in the place of Batch: growing it, where one
// would lower the rate, takes fewer iterations to the same accuracy (Smith, Kindermans, Ying & Le 2018).
//
//	train.BatchSchedule(schedules.Milestones(128, 5, schedules.Epochs(4), schedules.Epochs(6)))
//
// The value is rounded to the nearest integer and must be between 1 and the number of examples. The order of the
// examples is that of any other batch, and each epoch ends exactly, with a short batch where one is left. It goes with
// the estimators that are solvers.AnyBatch. The sampler must be a solvers.Resizer, as those of package solvers are.
// Each size takes a moment to prepare for at first, so that a staircase is better than a slope.
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
