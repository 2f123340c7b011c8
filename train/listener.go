package train

import (
	"slices"

	"github.com/fallline/fallline/internal/isnil"
	"github.com/pkg/errors"
)

// Listener is told how a training goes: a display, a log, a page in a browser. It gets copies, so that it can neither
// change the training nor end it; that is for hooks, as OnIteration. All of its methods are called on the goroutine
// that called Fit, which waits for them: who has long work to do hands it to a goroutine of its own. A panic of a
// Listener is Fit's.
//
// The order is Begin; then, after each iteration and before the hooks, Note and Iteration, Test and Epoch, as far as
// there is something to tell; and End. Each evaluation is told once: by Epoch where it is an epoch's, or else by Test.
//
// Embed BaseListener to write only some of the methods, and to go on compiling when there are more of them.
type Listener interface {
	// Begin is called when everything has been checked, and where Resume says so read, and before the first iteration.
	Begin(Start)

	// Iteration is called after each iteration, before the evaluation that is due then.
	Iteration(Figures)

	// Test is called after an evaluation that isn't one of an epoch that has ended, or that was made again because
	// hooks had changed the model.
	Test(Tested)

	// Epoch is called when an epoch has ended and was evaluated, where that was due; or when the training ends inside
	// an epoch.
	Epoch(Epoch)

	// Note is called with a line of text to be shown once, as that batches are evaluated in pieces.
	Note(text string)

	// End is called last, with the error that Fit returns, and once where Begin was.
	End(error)
}

// BaseListener is a Listener that does nothing, to be embedded.
type BaseListener struct{}

func (BaseListener) Begin(Start)       {}
func (BaseListener) Iteration(Figures) {}
func (BaseListener) Test(Tested)       {}
func (BaseListener) Epoch(Epoch)       {}
func (BaseListener) Note(string)       {}
func (BaseListener) End(error)         {}

// Watch has listeners told of the training, in the order in which they are given. It may be given several times.
func Watch(all ...Listener) Option {
	return func(c *config) error {
		for _, l := range all {
			if isnil.Any(l) {
				return errors.New("a listener is nil")
			}
		}
		c.listeners = append(c.listeners, all...)
		return nil
	}
}

// Start is what is known of a training when it begins.
type Start struct {
	Examples   int    // in the dataset
	Test       int    // examples in the test set; 0 without one
	Epochs     int64  // of the whole training; 0 where it is Iterations that end it
	Iterations int64  // of the whole training; 0 where it is Epochs that end it
	Shape      []int  // of an example
	Classes    int    // that the model tells apart; 0 for a regression
	Parameters int    // weights of the model
	Solver     string // as text

	// Where a training that is resumed goes on; zero at the beginning of one.
	Iteration int64    // iterations that were done
	Epoch     float64  // epochs that were done, as a fraction
	History   *History // what happened so far; its last epoch may be one that goes on
}

// Share is how much of the training is done after so many iterations and epochs, from 0 to 1.
func (s Start) Share(iteration int64, epoch float64) float64 {
	if s.Iterations > 0 {
		return min(1, float64(iteration)/float64(s.Iterations))
	}
	return min(1, epoch/float64(s.Epochs))
}

// start is what listeners are told first.
func (f *fit) start() Start {
	t := f.run.Time()
	s := Start{
		Examples: int(f.n), Epochs: f.epochs, Iterations: f.iterations, Shape: slices.Clone(f.data.Shape()),
		Classes: f.model.Classes(), Parameters: f.model.Weights().Count(), Solver: f.solver,
		Iteration: t.Step, Epoch: t.Epoch(), History: f.history(f.n, t.Step).clone(),
	}
	if f.test != nil {
		s.Test = f.test.Len()
	}
	return s
}

// errLeft is what End is told of where Fit doesn't return.
var errLeft = errors.New("train: left by a panic or an exit of the goroutine")

func (f *fit) tellBegin() {
	for _, l := range f.listeners {
		l.Begin(f.start())
	}
}

func (f *fit) tellIteration(x Figures) {
	for _, l := range f.listeners {
		l.Iteration(x)
	}
}

// tellTest tells of the last test.
func (f *fit) tellTest() {
	for _, l := range f.listeners {
		l.Test(f.tests[len(f.tests)-1])
	}
}

func (f *fit) tellEpoch(e Epoch) {
	for _, l := range f.listeners {
		l.Epoch(e.clone())
	}
}

func (f *fit) note(text string) {
	for _, l := range f.listeners {
		l.Note(text)
	}
}

func (f *fit) tellEnd(err error) {
	for _, l := range f.listeners {
		l.End(err)
	}
}
