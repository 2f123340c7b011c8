package train

import (
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// foreseen is how many iterations are looked at beforehand: it takes well under a second.
const foreseen = 1 << 20

// foresee goes through the iterations to come, so that a size of the batch that the model can't take, or a value of the
// solver's or the model's that isn't legal, is an error now and not after hours of work. It can't where only the
// training itself will tell: see solvers.Run.Plan.
func (f *fit) foresee(solver *solvers.Solver) error {
	plan, ok := f.run.Plan()
	if !ok {
		return nil
	}
	taken := map[int]bool{} // sizes that the model takes
	for now := (schedules.Time{N: f.n}); now.Step < foreseen; {
		// The last iteration looks ahead to the one that would follow.
		if err := solver.Check(now); err != nil || f.config.over(now) {
			return err
		}
		if err := f.tuner.foresee(now); err != nil {
			return err
		}
		seen, drawn, err := plan.Next(now)
		if err != nil {
			return err
		}
		if drawn > 0 && !taken[drawn] {
			taken[drawn] = true
			if err := f.takes(drawn); err != nil {
				return errors.WithMessagef(err, "iteration %d: a batch of %s", now.Step, text.Count(drawn, "example"))
			}
		}
		now.Step++
		now.Seen += int64(seen)
		if err := f.foreseeTest(now, int64(seen)); err != nil {
			return err
		}
	}
	return nil
}

// foreseeTest returns an error where an epoch ends without the test that is to be observed. An iteration of so many
// examples is done.
func (f *fit) foreseeTest(now schedules.Time, seen int64) error {
	epochs := now.Seen / f.n
	if ended := epochs > (now.Seen-seen)/f.n; !ended || f.config.over(now) || f.testEvery.due(true, epochs, now.Step) {
		return nil
	}
	return f.metric.untested(int(epochs))
}

// takes asks the model whether it takes a batch of a size, which one that can tell its memory knows. What is evaluated
// in pieces isn't asked for.
func (f *fit) takes(size int) error {
	s, ok := f.model.(Sized)
	if !ok || f.micro.most > 0 && size > f.micro.most {
		return nil
	}
	_, err := s.Memory(size)
	return err
}
