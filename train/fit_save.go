package train

import (
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/saved"
	"github.com/pkg/errors"
)

// parts are what the training goes on from.
func (f *fit) parts() saved.Parts {
	p := saved.Parts{Weights: f.model.Weights(), Solver: f.run.Visit, Schedules: f.followers.visit}
	if s, ok := f.model.(Stateful); ok {
		p.Model = s.Visit
	}
	return p
}

// settings are what must be the same when the training goes on.
func (f *fit) settings() saved.Settings {
	return saved.Settings{Examples: f.n, Batch: f.batchText(), Seed: f.seed, Solver: f.solver}
}

// checkSave returns the error that saving would end with, as far as it can be known beforehand.
func (f *fit) checkSave() error { return saved.Check(f.save, f.parts(), f.settings()) }

// write saves a checkpoint.
func (f *fit) write(path string) error {
	if err := f.finite(); err != nil {
		return errors.WithMessagef(err, "save %s", path)
	}
	r := f.tally.record()
	r.Pending, r.Hooks = f.pending, f.changes.numbers()
	var err error
	if r.Result, r.Solution, err = f.savedSolution(); err != nil {
		return errors.WithMessagef(err, "save %s", path)
	}
	return saved.Save(path, f.parts(), f.settings(), r)
}

// read goes back to a checkpoint. All of it is checked before anything changes.
func (f *fit) read(path string) error {
	file, err := checkpoint.Load(path)
	if err == nil {
		err = f.ctx.Err() // reading may have taken a while
	}
	if err != nil {
		return errors.WithMessage(err, "resume")
	}
	parts := f.parts()
	r, err := saved.Read(file, parts, f.settings())
	if err != nil {
		return errors.WithMessagef(err, "resume from %s", path)
	}
	saved.Restore(file, parts)
	f.tally, f.pending = tallyOf(r), r.Pending
	if r.Hooks != [3]int64{} {
		f.changes.set(r.Hooks)
	}
	if path == f.save && (r.Result == saved.SolutionIs) == f.averaging() && r.Result != saved.NotThere {
		f.saved = f.run.Time().Step
	}
	return nil
}
