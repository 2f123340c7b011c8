package courses

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/plotter"

	"github.com/fallline/fallline/schedules"
)

// Run is the training whose time passes: so many epochs of N examples in batches.
type Run struct {
	N      int
	Epochs int
	Batch  schedules.Schedule // rounded to the nearest integer, as train does
	// Check is the error with which an iteration that begins at a time would end. Without it there is none.
	Check func(schedules.Time) error
}

// iterations calls visit with the time before each iteration and returns the time at the end. Each epoch ends exactly,
// with a short batch where one is left.
func (r Run) iterations(ctx context.Context, visit func(schedules.Time) error) (schedules.Time, error) {
	n := int64(r.N)
	t := schedules.Time{N: n}
	for t.Seen < n*int64(r.Epochs) {
		if err := visit(t); err != nil {
			return t, err
		}
		batch := math.Round(r.Batch.At(t))
		if !(batch >= 1 && batch <= float64(n)) {
			return t, errors.Errorf("batch of %v examples at iteration %d (%v), want 1 to %d", batch, t.Step, r.Batch, n)
		}
		if t.Step++; t.Step%65536 == 0 && ctx.Err() != nil {
			return t, ctx.Err()
		}
		t.Seen += min(int64(batch), n-t.Seen%n)
	}
	return t, nil
}

// most is how many parts a line is drawn of at most: more than a picture shows.
const most = 1000

// lines follows schedules through the run. Of the iterations that fall into one part it keeps those with the first, the
// least and the greatest value, so that no peak is lost. A line ends with the run, at its last value.
func (r Run) lines(ctx context.Context, all []Course, inEpochs bool) ([]plotter.XYs, error) {
	check := r.Check
	if check == nil {
		check = func(schedules.Time) error { return nil }
	}
	end, err := r.iterations(ctx, check)
	if err != nil {
		return nil, err
	}
	x := func(t schedules.Time) float64 {
		if inEpochs {
			return t.Epoch()
		}
		return float64(t.Step)
	}
	part := (end.Step + most) / most
	thin := make([]thinner, len(all))
	_, err = r.iterations(ctx, func(t schedules.Time) error {
		for i, c := range all {
			y := c.Schedule.At(t)
			if math.IsNaN(y) || math.IsInf(y, 0) {
				return errors.Errorf("%s of %v at iteration %d (%v), want a finite number", c.Name, y, t.Step, c.Schedule)
			}
			thin[i].add(t.Step/part, plotter.XY{X: x(t), Y: y})
		}
		return nil
	})
	lines := make([]plotter.XYs, len(all))
	for i := range thin {
		lines[i] = thin[i].line(x(end))
	}
	return lines, err
}

// thinner keeps three points of each part of a line: the first, the lowest and the highest.
type thinner struct {
	done         plotter.XYs
	part         int64
	begun        bool
	first        plotter.XY
	lowest, high plotter.XY
	last         plotter.XY
}

func (l *thinner) add(part int64, p plotter.XY) {
	if !l.begun || part != l.part {
		l.finish()
		l.part, l.begun, l.first, l.lowest, l.high = part, true, p, p, p
	}
	l.last = p
	if p.Y < l.lowest.Y {
		l.lowest = p
	}
	if p.Y > l.high.Y {
		l.high = p
	}
}

// finish adds the points of a part in the order of time, each once.
func (l *thinner) finish() {
	if !l.begun {
		return
	}
	a, b := l.lowest, l.high
	if b.X < a.X {
		a, b = b, a
	}
	for _, p := range []plotter.XY{l.first, a, b} {
		if n := len(l.done); n == 0 || l.done[n-1].X < p.X {
			l.done = append(l.done, p)
		}
	}
}

// line is what was kept, and the last value again at the end.
func (l *thinner) line(end float64) plotter.XYs {
	l.finish()
	l.last.X = end
	return append(l.done, l.last)
}
