// Package progress shows on a terminal, or in a log, how a training goes.
//
//	train.Fit(ctx, model, data, solver, progress.To(os.Stderr))
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/fallline/fallline/internal/isnil"
	"github.com/fallline/fallline/train"
	"github.com/pkg/errors"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// To shows how a training goes: a bar on a terminal, and a line an epoch there and elsewhere. Errors of w are not
// Fit's. It may be given several times, as for a terminal and a file.
func To(w io.Writer) train.Option {
	if isnil.Any(w) {
		return train.Invalid(errors.New("no writer for the progress: it is nil"))
	}
	return train.Watch(&display{w: w, now: time.Now, terminal: terminalWidth})
}

// display is a Listener that writes lines, and a bar where there is room for one.
type display struct {
	w        io.Writer
	now      func() time.Time
	terminal func(io.Writer) (cols int, ok bool)

	start train.Start
	unit  string // of examples
	begun time.Time
	done  train.Figures     // the iteration that was done last
	test  *train.Evaluation // the last one; nil where there is none
	at    int64             // iterations that were done before it
	again *train.Tested     // made again after the last iteration, and not printed yet

	bar   *progressbar.ProgressBar
	room  int       // columns for the text beside the bar
	drawn time.Time // when the bar was drawn last
}

// Begin finds out what there is room for.
func (d *display) Begin(s train.Start) {
	*d = display{w: d.w, now: d.now, terminal: d.terminal, start: s, unit: "examples", begun: d.now(), at: -1}
	d.done.Number, d.done.Epoch = s.Iteration, s.Epoch
	if tests := s.History.Tests; len(tests) > 0 {
		last := tests[len(tests)-1]
		d.test, d.at = &last.Evaluation, last.Iteration
	}
	if len(s.Shape) == 3 {
		d.unit = "images"
	}
	if cols, ok := d.terminal(d.w); ok {
		d.makeBar(cols)
	}
}

// Iteration moves the bar.
func (d *display) Iteration(x train.Figures) {
	d.done, d.again = x, nil
	d.draw()
}

// Test prints the line of an evaluation that isn't one of an epoch. Where it was made again, only the last one of the
// training is printed.
func (d *display) Test(t train.Tested) {
	again := d.test != nil && d.at == t.Iteration
	d.test, d.at = &t.Evaluation, t.Iteration
	if again {
		d.again = &t
		return
	}
	d.testLine(t)
}

// Epoch prints an epoch's line.
func (d *display) Epoch(e train.Epoch) {
	if e.Test != nil {
		d.test, d.at, d.again = e.Test, d.done.Number, nil
	}
	d.line(d.text(e))
}

// Note prints a line of text.
func (d *display) Note(text string) { d.line(text) }

// End takes the bar away.
func (d *display) End(error) {
	if d.again != nil {
		d.testLine(*d.again)
	}
	if d.bar != nil {
		d.bar.Clear()
	}
}

// line prints a line above the bar.
func (d *display) line(text string) {
	if d.bar != nil {
		d.bar.Clear()
	}
	fmt.Fprintln(d.w, text)
}

// testLine prints an evaluation as a line of its own.
func (d *display) testLine(t train.Tested) {
	d.line(fmt.Sprintf("%s  %s", d.iterations(t.Iteration), d.testText(t.Evaluation)))
}

// share is how much of the training is done, from 0 to 1.
func (d *display) share() float64 { return d.start.Share(d.done.Number, d.done.Epoch) }

// left is about how long the training will yet take, by what it has done since it began or was resumed.
func (d *display) left() time.Duration {
	done, from := d.share(), d.start.Share(d.start.Iteration, d.start.Epoch)
	if done <= from {
		return 0
	}
	took := d.now().Sub(d.begun)
	return time.Duration(float64(took) * (1 - done) / (done - from)).Round(time.Second)
}

// text is where the training stands, with the figures of one epoch.
func (d *display) text(e train.Epoch) string {
	place := d.iterations(d.done.Number)
	if total := d.start.Epochs; total > 0 {
		place = fmt.Sprintf("epoch %*d/%d", len(fmt.Sprint(total)), e.Number, total)
	}
	parts := []string{place, fmt.Sprintf("loss %.4f", e.Loss)}
	if e.Test != nil {
		parts = append(parts, d.testText(*e.Test))
	}
	parts = append(parts, fmt.Sprintf("rate %.3g", e.Rate), fmt.Sprintf("%.0f %s/s", e.ExamplesPerSecond(), d.unit))
	if left := d.left(); left > 0 {
		parts = append(parts, fmt.Sprintf("%v left", left))
	}
	return strings.Join(parts, "  ")
}

func (d *display) iterations(n int64) string {
	if total := d.start.Iterations; total > 0 {
		return fmt.Sprintf("iteration %*d/%d", len(fmt.Sprint(total)), n, total)
	}
	return fmt.Sprintf("iteration %d", n)
}

// testText is an evaluation: its loss, and the accuracy of a classification.
func (d *display) testText(e train.Evaluation) string {
	text := fmt.Sprintf("test loss %.4f", e.Loss)
	if d.start.Classes == 0 {
		return text
	}
	return fmt.Sprintf("%s  accuracy %.2f%% (%d errors)", text, 100*e.Accuracy(), e.Errors())
}

// terminalWidth is the number of columns of a terminal, and false for what is none.
func terminalWidth(w io.Writer) (cols int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols > 0 {
		return cols, true
	}
	return 80, true
}
