package courses

import (
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
	"gonum.org/v1/plot/plotter"
)

// Run is the training whose time passes: so many epochs of N examples in batches.
type Run struct {
	N      int
	Epochs int
	Batch  schedules.Schedule // rounded to the nearest integer, as train does
}

// iterations calls visit with the time before each iteration, and with that at the end. Each epoch ends exactly, with a short batch where one is left.
func (r Run) iterations(visit func(schedules.Time)) error {
	n := int64(r.N)
	t := schedules.Time{N: n}
	for t.Seen < n*int64(r.Epochs) {
		visit(t)
		batch := math.Round(r.Batch.At(t))
		if !(batch >= 1 && batch <= float64(n)) {
			return errors.Errorf("batch of %v examples at iteration %d (%v), want 1 to %d", batch, t.Step, r.Batch, n)
		}
		t.Step++
		t.Seen += min(int64(batch), n-t.Seen%n)
	}
	visit(t)
	return nil
}

// length is the number of iterations.
func (r Run) length() (n int64, err error) {
	err = r.iterations(func(t schedules.Time) { n = t.Step })
	return n, err
}

// most is how many parts a line is drawn of at most: more than a picture shows.
const most = 1000

// lines follows schedules through the run. Of the iterations that fall into one part it keeps those with the first, the least and the
// greatest value, so that no peak is lost.
func (r Run) lines(all []schedules.Schedule, inEpochs bool) ([]plotter.XYs, error) {
	total, err := r.length()
	if err != nil {
		return nil, err
	}
	part := (total + most) / most
	thin := make([]thinner, len(all))
	err = r.iterations(func(t schedules.Time) {
		x := float64(t.Step)
		if inEpochs {
			x = t.Epoch()
		}
		for i, s := range all {
			thin[i].add(t.Step/part, plotter.XY{X: x, Y: s.At(t)})
		}
	})
	lines := make([]plotter.XYs, len(all))
	for i := range thin {
		lines[i] = thin[i].line()
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

// line is what was kept, and the end.
func (l *thinner) line() plotter.XYs {
	l.finish()
	if n := len(l.done); n > 0 && l.done[n-1].X < l.last.X {
		l.done = append(l.done, l.last)
	}
	return l.done
}
