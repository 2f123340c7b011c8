package train

import (
	stderrors "errors"

	"github.com/pkg/errors"
)

// pending is what was due after the last iteration when the context ended, as checkpoints say it: a training that goes on does it first.
type pending string

const (
	pendingNone  pending = ""
	pendingTest  pending = "evaluation"
	pendingEpoch pending = "epoch" // the evaluation and what follows it at the end of an epoch
)

// cancelled says whether an error is that of the context, which has ended.
func (f *fit) cancelled(err error) bool {
	reason := f.ctx.Err()
	return reason != nil && errors.Is(err, reason)
}

// interrupted ends a training whose context has ended.
func (f *fit) interrupted() error {
	err := errors.WithMessagef(f.ctx.Err(), "ended after iteration %d", f.run.Time().Step)
	if failed := f.checkpoint(true); failed != nil {
		return stderrors.Join(err, failed)
	}
	return err
}

// catchUp does what is pending in the checkpoint that the training goes on from.
func (f *fit) catchUp() error {
	was := f.pending
	if was == pendingNone {
		return nil
	}
	if err := f.ctx.Err(); err != nil {
		return err
	}
	f.pending, f.saved = pendingNone, -1
	ended := was == pendingEpoch
	if err := f.conclude(ended, true); err != nil {
		return err
	}
	return f.tell(ended)
}

// kept is what a model keeps beside its weights, as it was before the iteration under way: an iteration that fails may have moved it.
type kept struct{ live, before []any }

func newKept(m Model) (k kept) {
	s, ok := m.(Stateful)
	if !ok {
		return k
	}
	s.Visit(func(_ string, array any) {
		k.live = append(k.live, array)
		k.before = append(k.before, copied(array))
	})
	return k
}

func (k kept) take() {
	for i, a := range k.live {
		assign(k.before[i], a)
	}
}

func (k kept) putBack() {
	for i, a := range k.live {
		assign(a, k.before[i])
	}
}
