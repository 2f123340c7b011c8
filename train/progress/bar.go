package progress

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

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

// makeBar makes a bar for a terminal, where that is wide enough.
func (d *display) makeBar(cols int) {
	if cols < leastCols {
		return
	}
	width := min(max(cols-textCols-barExtra, leastBar), mostBar)
	d.room, d.drawn = cols-width-barExtra, d.begun
	d.bar = progressbar.NewOptions64(barSteps, progressbar.OptionSetWriter(d.w), progressbar.OptionSetWidth(width),
		progressbar.OptionSetPredictTime(false), progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionClearOnFinish())
}

// draw moves the bar to where the training stands, unless it was drawn a moment ago.
func (d *display) draw() {
	if d.bar == nil {
		return
	}
	now := d.now()
	if now.Sub(d.drawn) < redraw {
		return
	}
	d.drawn = now
	d.bar.Describe(d.barText())
	d.bar.Set64(int64(barSteps * d.share()))
}

// barText is the last iteration in short, for beside the bar: as many figures as there is room for.
func (d *display) barText() string {
	e := d.done.Running
	text := fmt.Sprintf("%d/%d", d.done.Number, d.start.Iterations)
	if total := d.start.Epochs; total > 0 {
		text = fmt.Sprintf("%d/%d", e.Number, total)
	}
	parts := []string{fmt.Sprintf("loss %.4f", e.Loss)}
	if d.test != nil && d.start.Classes > 0 {
		parts = append(parts, fmt.Sprintf("%.2f%%", 100*d.test.Accuracy()))
	}
	parts = append(parts, fmt.Sprintf("rate %.3g", e.Rate), fmt.Sprintf("%.0f %s/s", e.ExamplesPerSecond(), d.unit),
		fmt.Sprintf("%v left", d.left()))
	for _, p := range parts {
		if len(text)+1+len(p) > d.room {
			break
		}
		text += " " + p
	}
	return text
}
