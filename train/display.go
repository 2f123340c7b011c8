package train

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// display shows how a training goes. A nil display shows nothing.
type display struct {
	f     *fit
	w     io.Writer
	unit  string // of examples
	bar   *progressbar.ProgressBar
	room  int       // columns for the text beside the bar
	drawn time.Time // when the bar was drawn last

	start time.Time // of this call of Fit
	from  float64   // share of the training that was done then
}

// redraw is how often the bar is drawn: what is faster nobody can read.
const redraw = 100 * time.Millisecond

const (
	barSteps  = 1000                // the bar's resolution
	leastBar  = 10                  // columns of the bar
	mostBar   = 40                  // columns of the bar where there is room
	textCols  = 70                  // columns that the text beside it may well take
	barExtra  = len("  100% ||   ") // columns that are neither; the last stays free
	leastCols = 40                  // columns below which there is no bar
)

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

func newDisplay(f *fit, images bool) *display {
	d := &display{f: f, w: f.progress, unit: "examples", start: f.now(), from: f.share()}
	if images {
		d.unit = "images"
	}
	cols, ok := f.terminal(d.w)
	if !ok || cols < leastCols {
		return d
	}
	width := min(max(cols-textCols-barExtra, leastBar), mostBar)
	d.room, d.drawn = cols-width-barExtra, d.start
	d.bar = progressbar.NewOptions64(barSteps, progressbar.OptionSetWriter(d.w), progressbar.OptionSetWidth(width),
		progressbar.OptionSetPredictTime(false), progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionClearOnFinish())
	return d
}

// share is how much of the training is done, from 0 to 1.
func (f *fit) share() float64 {
	t := f.run.Time()
	if f.iterations > 0 {
		return min(1, float64(t.Step)/float64(f.iterations))
	}
	return min(1, t.Epoch()/float64(f.epochs))
}

// left is about how long the training will yet take.
func (d *display) left() time.Duration {
	done := d.f.share()
	if done <= d.from {
		return 0
	}
	took := d.f.now().Sub(d.start)
	return time.Duration(float64(took) * (1 - done) / (done - d.from)).Round(time.Second)
}

// iteration moves the bar.
func (d *display) iteration() {
	if d == nil || d.bar == nil || d.f.now().Sub(d.drawn) < redraw {
		return
	}
	d.drawn = d.f.now()
	e := d.f.tally.finished()
	if e.Iterations == 0 { // an epoch has just ended
		e = d.f.past[len(d.f.past)-1]
	}
	if k := len(d.f.tests); k > 0 && e.Test == nil {
		e.Test = &d.f.tests[k-1].Evaluation
	}
	d.bar.Describe(d.barText(e))
	d.bar.Set64(int64(barSteps * d.f.share()))
}

// epoch prints an epoch's line.
func (d *display) epoch(e Epoch) {
	if d != nil {
		d.line(d.text(e))
	}
}

// test prints the line of an evaluation that isn't at the end of an epoch.
func (d *display) test() {
	if d == nil {
		return
	}
	t := d.f.tests[len(d.f.tests)-1]
	d.line(fmt.Sprintf("%s  %s", d.iterations(t.Iteration), d.testText(t.Evaluation)))
}

// note prints a line of text.
func (d *display) note(text string) {
	if d != nil {
		d.line(text)
	}
}

// line prints a line above the bar.
func (d *display) line(text string) {
	if d.bar != nil {
		d.bar.Clear()
	}
	fmt.Fprintln(d.w, text)
}

// end takes the bar away.
func (d *display) end() {
	if d != nil && d.bar != nil {
		d.bar.Clear()
	}
}

// text is where the training stands, with the figures of one epoch.
func (d *display) text(e Epoch) string {
	place := d.iterations(d.f.run.Time().Step)
	if d.f.iterations == 0 {
		place = fmt.Sprintf("epoch %*d/%d", len(fmt.Sprint(d.f.epochs)), e.Number, d.f.epochs)
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
	if total := d.f.iterations; total > 0 {
		return fmt.Sprintf("iteration %*d/%d", len(fmt.Sprint(total)), n, total)
	}
	return fmt.Sprintf("iteration %d", n)
}

// barText is text in short, for beside the bar: as many figures as there is room for.
func (d *display) barText(e Epoch) string {
	text := fmt.Sprintf("%d/%d", d.f.run.Time().Step, d.f.iterations)
	if d.f.iterations == 0 {
		text = fmt.Sprintf("%d/%d", e.Number, d.f.epochs)
	}
	parts := []string{fmt.Sprintf("loss %.4f", e.Loss)}
	if e.Test != nil && d.f.model.Classes() > 0 {
		parts = append(parts, fmt.Sprintf("%.2f%%", 100*e.Test.Accuracy()))
	}
	parts = append(parts, fmt.Sprintf("rate %.3g", e.Rate), fmt.Sprintf("%.0f %s/s", e.ExamplesPerSecond(), d.unit), fmt.Sprintf("%v left", d.left()))
	for _, p := range parts {
		if len(text)+1+len(p) > d.room {
			break
		}
		text += " " + p
	}
	return text
}

// testText is an evaluation: its loss, and the accuracy of a classification.
func (d *display) testText(e Evaluation) string {
	text := fmt.Sprintf("test loss %.4f", e.Loss)
	if d.f.model.Classes() == 0 {
		return text
	}
	return fmt.Sprintf("%s  accuracy %.2f%% (%d errors)", text, 100*e.Accuracy(), e.Errors())
}
