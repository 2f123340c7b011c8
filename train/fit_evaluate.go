package train

// evaluate tests the model where there is a test set, it is due, and it wasn't done since the last iteration, or hooks
// have changed the model since: what there is then is of another model.
func (f *fit) evaluate(due bool) (done bool, err error) {
	t := f.run.Time()
	if f.evaluator == nil || !due {
		return false, nil
	}
	if k := len(f.tests); k > 0 && f.tests[k-1].Iteration == t.Step && !f.changes.stale() {
		return false, nil
	}
	f.dropStale()
	e, err := f.measure()
	if err != nil {
		return false, err
	}
	f.tests = append(f.tests, Tested{Iteration: t.Step, Epoch: t.Epoch(), Evaluation: e})
	if f.epochEnded() {
		f.past[len(f.past)-1].Test = &e
	}
	f.changes.tested = true
	return true, nil
}

// dropStale takes the test after the last iteration out of the history where hooks have changed the model since.
func (f *fit) dropStale() {
	k := len(f.tests)
	if !f.changes.stale() || k == 0 || f.tests[k-1].Iteration != f.run.Time().Step {
		return
	}
	f.tests = f.tests[:k-1]
	if f.epochEnded() {
		f.past[len(f.past)-1].Test = nil
	}
}

// epochEnded says whether the last iteration was an epoch's last.
func (f *fit) epochEnded() bool { return f.current.Iterations == 0 && len(f.past) > 0 }

// measure evaluates the weights that are the training's result as it stands, with statistics of their own. The
// training's own statistics are back afterwards.
func (f *fit) measure() (Evaluation, error) {
	w := f.model.Weights()
	if f.averaging() {
		if err := f.solve(); err != nil {
			return Evaluation{}, err
		}
		w = f.solution
		defer newBackup(f.model).restore()
		f.solutionStats.restore()
	} else if f.changes.oldStatistics() {
		defer newBackup(f.model).restore()
		if err := f.recalibrate(w); err != nil {
			return Evaluation{}, err
		}
	}
	if f.solution != nil && w != f.solution {
		f.solution.Copy(w)
	}
	e, err := f.evaluator.run(f.ctx, w)
	return e, dated(f.run.Time().Step, err)
}
