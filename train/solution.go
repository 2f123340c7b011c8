package train

import (
	"math"

	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Solution makes the solver's solution the training's result: the average of the weights where the solver has
// solvers.Average, or the parameter of a method that looks ahead, or Lookahead's slow weights, as solvers.Run.Solution
// tells it. It is written into a vector like the model's weights before each test, which is of it, before a checkpoint
// is written, and at the end. The weights are trained on as if nobody looked:
//
//	mean := model.Weights().Like()
//	history, err := train.Fit(ctx, model, data, solver, train.Test(test), train.Solution(mean))
//
// At the end of a training without error the solution is the model's weights, too: what History.Test speaks of, and
// what model.Save writes. Checkpoints hold the weights that the training goes on from, and the solution beside them,
// which nn.Model.Load takes from the last one. A model with statistics gets one beside weights that were tested then;
// Load of another checkpoint from the middle of the training is an error.
//
// Statistics, such as batch norm's running ones, are recomputed for the solution, for each test and for the model at
// the end, from the training set: see StatisticsFrom. The weights have theirs back after each test.
//
// A hook that puts other weights into the model and stops the training has made them the solution.
func Solution(to *vector.Vector) Option {
	return once("Solution", func(c *config) error {
		c.solution = to
		if to == nil {
			return errors.New("no vector for the solution: it is nil")
		}
		return nil
	})
}

// StatisticsFrom sets how many examples of the training set statistics are recomputed from where they must be, at most;
// 0: all of them. The default is DefaultRecalibration's. They are in batches as large as the training's at the time, in
// an order that the seed gives; of too few for one such batch, as 1 under batch norm, Fit says so before the training.
//
// It must be for tests of a Solution, and where hooks have replaced the weights that are to be tested or returned, as
// by the best of an earlier epoch. Each time takes about a third of the time of as many examples in training. A model
// without statistics takes none.
func StatisticsFrom(examples int) Option {
	return once("StatisticsFrom", func(c *config) error {
		c.statistics = examples
		return Recalibration{Examples: examples, Batch: 1}.check()
	})
}

// checkSolution returns an error for a vector that can't hold the model's solution.
func (c *config) checkSolution(model Model) error {
	if c.solution == nil {
		return nil
	}
	if c.solution == model.Weights() {
		return errors.New("the vector for the solution is that of the weights, which would disturb the training")
	}
	return errors.WithMessage(c.solution.Check(model.Weights()), "the vector for the solution")
}

// averaging says whether the training's result is the solver's solution, and not the weights themselves.
func (f *fit) averaging() bool { return f.solution != nil && !f.changes.replaced }

// moment is when something was worked out, which iterations and hooks make stale.
type moment struct {
	iteration int64 // iterations that were done
	changes   int   // of the model by hooks
}

func (f *fit) moment() moment { return moment{f.run.Time().Step, f.changes.times} }

// solve writes the solution as it stands into its vector, and works out its statistics, unless it has. The training's
// own statistics stay.
func (f *fit) solve() error {
	if err := f.run.Solution(f.solution); err != nil || f.solvedAt == f.moment() {
		return err
	}
	if len(f.changes.stats) > 0 {
		defer newBackup(f.model).restore()
		if err := f.recalibrate(f.solution); err != nil {
			return err
		}
		f.solutionStats = newBackup(f.model)
	}
	f.solvedAt = f.moment()
	return nil
}

// savedSolution is the training's result as a checkpoint holds it. Statistics that aren't known are left out: they take
// a while to work out.
func (f *fit) savedSolution() (saved.Result, saved.Solution, error) {
	switch {
	case !f.averaging():
		return saved.WeightsAre, saved.Solution{}, nil
	case len(f.changes.stats) > 0 && f.solvedAt != f.moment():
		return saved.NotThere, saved.Solution{}, nil
	}
	return saved.SolutionIs, saved.Solution{Weights: f.solution, Statistics: f.solutionStats.visit}, f.solve()
}

// recalibrate recomputes the model's statistics for the weights w.
func (f *fit) recalibrate(w *vector.Vector) error {
	r := Recalibration{Examples: f.statistics, Batch: f.batch, Seed: f.seed}
	if s := f.batchSchedule(); s != nil {
		// it may have left its range since
		r.Batch = min(max(int(math.Round(s.At(f.run.Time()))), minBatch(f.model)), f.data.Len())
	}
	if most := f.micro.most; most > 0 {
		r.Batch = min(r.Batch, most)
	}
	_ = f.tuner.tune(f.run.Time()) // numbers that aren't legal any more when the training is over stay as they are
	return errors.WithMessagef(r.run(f.ctx, f.model, f.data, w), "statistics after iteration %d", f.run.Time().Step)
}

// settle gives the weights that hooks have left at the end statistics of their own, where they are the training's
// result.
func (f *fit) settle() error {
	if f.averaging() || !f.changes.oldStatistics() {
		return nil
	}
	if err := f.recalibrate(f.model.Weights()); err != nil {
		return err
	}
	f.changes.movedStats = true
	return nil
}

// deliver puts the training's result, which is worked out, into the model and the solution's vector at the end.
func (f *fit) deliver() {
	switch {
	case f.averaging():
		f.solutionStats.restore()
		f.model.Weights().Copy(f.solution)
	case f.solution != nil:
		f.solution.Copy(f.model.Weights())
	}
}
