package train

import (
	"context"
	stderrors "errors"
	"time"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// Fit trains a model on a dataset, in place: the solver draws batches and steps the model's weights until the epochs or iterations are
// done.
//
// Settings that can't work and examples that don't fit the model are errors before any work is done. An error later on, of the dataset, the
// model, the solver, a hook or a file, ends the training: the weights are those of the last whole iteration, and the history so
// far is returned with the error. So it is when ctx ends, which is looked at between iterations, so that an evaluation under way is
// finished; errors.Is finds its error then.
//
// The same seeds with the same set of kernels give the same bits, on any number of threads.
func Fit(ctx context.Context, model Model, data datasets.Dataset, solver *solvers.Solver, options ...Option) (*History, error) {
	c, err := configure(options)
	if err == nil {
		err = c.check(ctx, model, data, solver)
	}
	if err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	f, err := open(c, model, data, solver)
	if err != nil {
		return nil, errors.WithMessage(err, "train")
	}
	defer f.close()
	err = f.loop(ctx)
	return f.history(f.n, f.run.Time().Step), errors.WithMessage(err, "train")
}

// fit is a training under way.
type fit struct {
	*config
	model     Model
	objective *Objective
	micro     *micro
	minimised solvers.Objective // objective, in pieces where batches are too large
	run       *solvers.Run
	evaluator *evaluator // nil without a test set
	display   *display   // nil without progress
	tuner     *tuner
	followers *followers
	solver    string // as text, for checkpoints
	n         int64  // examples in an epoch

	tally
	saved int64 // iterations done when the last checkpoint was written; -1 at first
}

// loop is the training: iterations until it is over, and after each what is due then.
func (f *fit) loop(ctx context.Context) error {
	for !f.over() {
		if ctx.Err() != nil {
			return f.interrupted(ctx.Err())
		}
		if err := f.tuner.tune(f.run.Time()); err != nil {
			return err
		}
		f.micro.last = solvers.Pieces{}
		start := f.now()
		info, err := f.run.Next()
		if err != nil {
			return err
		}
		ended := f.record(info, f.now().Sub(start))
		if err := f.after(info, ended); errors.Is(err, Stop) {
			break
		} else if err != nil {
			return err
		}
	}
	return f.finish()
}

// over says whether the epochs or iterations are done.
func (f *fit) over() bool { return f.config.over(f.run.Time()) }

// record counts an iteration and says whether an epoch ended with it.
func (f *fit) record(info solvers.Info, took time.Duration) (ended bool) {
	f.tally.add(info, took)
	seen := f.run.Time().Seen
	if ended = seen/f.n > (seen-int64(info.Examples))/f.n; ended {
		f.tally.next()
	}
	return ended
}

// after does what is due after an iteration, with which an epoch may have ended.
func (f *fit) after(info solvers.Info, ended bool) error {
	t := f.run.Time()
	due := func(e Every) bool { return f.over() || e.due(ended, int64(len(f.past)), t.Step) }
	if tested, err := f.evaluate(due(f.testEvery)); err != nil {
		return err
	} else if tested && !ended && !f.over() {
		f.display.test()
	}
	if text := f.micro.text(t.Step); text != "" {
		f.display.note(text)
	}
	f.display.iteration()
	if ended {
		if err := f.followers.observe(f.metric, f.past[len(f.past)-1]); err != nil {
			return err
		}
		f.display.epoch(f.past[len(f.past)-1])
	}
	it := Iteration{
		Number: t.Step, Epoch: t.Epoch(), Loss: info.Loss, Rate: info.Rate, Norm: info.Norm, Examples: info.Examples,
		Pieces: f.micro.pieces(), Noise: f.micro.noise(), Run: f.run, Objective: f.minimised,
	}
	if err := call(f.onIteration, it); err != nil {
		return err
	}
	if ended {
		if err := call(f.onEpoch, f.past[len(f.past)-1]); err != nil {
			return err
		}
	}
	return f.checkpoint(due(f.saveEvery))
}

// finish does what is due when the training is over or was stopped, and wasn't done after the last iteration.
func (f *fit) finish() error {
	tested, err := f.evaluate(true)
	if err != nil {
		return err
	}
	if _, err := f.solved(); err != nil {
		return err
	}
	if h := f.history(f.n, f.run.Time().Step); f.current.Iterations > 0 {
		f.display.epoch(h.Epochs[len(h.Epochs)-1])
	} else if tested {
		f.display.test()
	}
	return f.checkpoint(true)
}

// interrupted ends a training whose context has ended.
func (f *fit) interrupted(reason error) error {
	err := errors.WithMessagef(reason, "ended after iteration %d", f.run.Time().Step)
	if failed := f.checkpoint(true); failed != nil {
		return stderrors.Join(err, failed)
	}
	return err
}

// evaluate tests the model where there is a test set, it is due, and it wasn't done since the last iteration. A context doesn't
// end it, so that a training always ends at a whole iteration.
func (f *fit) evaluate(due bool) (done bool, err error) {
	t := f.run.Time()
	if k := len(f.tests); f.evaluator == nil || !due || k > 0 && f.tests[k-1].Iteration == t.Step {
		return false, nil
	}
	w, err := f.solved()
	if err != nil {
		return false, err
	}
	e, err := f.evaluator.run(context.Background(), w)
	if err != nil {
		return false, err
	}
	f.tests = append(f.tests, Tested{Iteration: t.Step, Epoch: t.Epoch(), Evaluation: e})
	if f.current.Iterations == 0 && len(f.past) > 0 {
		f.past[len(f.past)-1].Test = &e
	}
	return true, nil
}

// checkpoint saves where that is wanted, is due, and wasn't done since the last iteration.
func (f *fit) checkpoint(due bool) error {
	t := f.run.Time()
	if f.save == "" || !due || f.saved == t.Step {
		return nil
	}
	if err := f.write(f.save); err != nil {
		return err
	}
	f.saved = t.Step
	return nil
}
