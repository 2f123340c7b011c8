package train

import (
	"context"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/isnil"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// open makes everything that a training needs, and goes back to a checkpoint where Resume says so.
func open(ctx context.Context, c *config, model Model, data datasets.Dataset, solver *solvers.Solver) (f *fit, err error) {
	f = &fit{
		config: c, ctx: ctx, model: model, data: data, n: int64(data.Len()), backup: newBackup(model), changes: newChanges(model),
		saved: -1, solvedAt: moment{iteration: -1},
	}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	if err = f.begin(data, solver); err != nil {
		return f, err
	}
	if c.test != nil {
		if f.evaluator, err = newEvaluator(model, c.test); err != nil {
			return f, err
		}
		if err = f.evaluator.try(ctx); err != nil {
			return f, err
		}
	}
	if c.save != "" {
		if err = f.checkSave(); err != nil { // better now than after an epoch of work
			return f, err
		}
	}
	if c.resume != "" {
		if err = f.read(c.resume); err != nil {
			return f, err
		}
	}
	f.begun = f.run.Time().Step
	return f, nil
}

// begin makes the objective and opens the solver's run on it, with the schedules that the options give.
func (f *fit) begin(data datasets.Dataset, solver *solvers.Solver) (err error) {
	c, model := f.config, f.model
	if f.objective, err = newObjective(model, data); err != nil {
		return err
	}
	f.objective = f.objective.WithContext(f.ctx)
	if f.micro, err = newMicro(c, model, data); err != nil {
		return err
	}
	if f.minimised, err = f.micro.objective(f.objective); err != nil {
		return err
	}
	if solver, f.tuner, err = c.schedule(model, solver, f.n); err != nil {
		return err
	}
	f.solver = solver.String()
	if f.followers = newFollowers(c, solver); !c.trying {
		if err = f.followers.check(c.metric); err != nil {
			return err
		}
	}
	sampler, err := c.newSampler(data.Len())
	if err != nil {
		return err
	}
	if f.run, err = solver.Open(f.minimised, model.Weights(), sampler); err != nil || c.trying {
		return err
	}
	return f.foresee(solver)
}

// newSampler makes the sampler over n examples.
func (c *config) newSampler(n int) (solvers.Sampler, error) {
	sampler, err := c.sampler(n, c.batch, c.seed)
	if err != nil {
		return nil, err
	}
	if isnil.Any(sampler) {
		return nil, errors.New("the sampler made is nil")
	}
	if s := c.batchSchedule(); s != nil {
		return solvers.ScheduleBatch(sampler, s)
	}
	return sampler, nil
}

// close ends the goroutines and puts the model's numbers back.
func (f *fit) close() {
	f.tuner.restore()
	if f.evaluator != nil {
		f.evaluator.close()
	}
	if f.objective != nil {
		f.objective.Close()
	}
}
