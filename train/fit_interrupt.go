package train

import (
	stderrors "errors"
	"os"

	"github.com/fallline/fallline/internal/saved"
	"github.com/pkg/errors"
)

// cancelled says whether an error is that of the context, which has ended.
func (f *fit) cancelled(err error) bool {
	reason := f.ctx.Err()
	return reason != nil && errors.Is(err, reason)
}

// interrupted ends a training whose context has ended. Where it has done nothing yet, a file of before stays.
func (f *fit) interrupted() error {
	step := f.run.Time().Step
	err := errors.WithMessagef(f.ctx.Err(), "ended after iteration %d", step)
	if _, none := os.Stat(f.save); none == nil && step == f.begun {
		return err
	}
	if failed := f.checkpoint(true); failed != nil {
		return stderrors.Join(err, failed)
	}
	return err
}

// doPending does what is pending in the checkpoint that the training goes on from.
func (f *fit) doPending() error {
	was := f.pending
	if was == saved.NothingPending {
		return nil
	}
	if err := f.ctx.Err(); err != nil {
		return err
	}
	f.pending, f.saved = saved.NothingPending, -1
	ended := was == saved.EpochPending
	if err := f.testAndObserve(ended, true); err != nil {
		return err
	}
	f.lookBeforeHooks(ended, true)
	return f.endIteration(ended)
}
