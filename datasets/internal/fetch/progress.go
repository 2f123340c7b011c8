package fetch

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far a download is: a line, and a bar below it on a terminal.
type progress struct {
	w    io.Writer
	name string
	bar  *progressbar.ProgressBar
}

// redraw is how often the bar is drawn.
const redraw = 100 * time.Millisecond

// begin shows that a download begins, from a place on.
func (f *Fetcher) begin(url string, file File, from int64) *progress {
	if f.Progress == nil {
		return &progress{w: io.Discard}
	}
	p := &progress{w: f.Progress, name: file.Name}
	at := ""
	if from > 0 {
		at = fmt.Sprintf(" from byte %d on", from)
	}
	fmt.Fprintf(p.w, "fetching %s, %.1f MB%s\n", url, float64(file.Size)/1e6, at)
	if screen, ok := p.w.(*os.File); ok && term.IsTerminal(int(screen.Fd())) {
		// Of what is still to come: what is there already would make the rate and the time left wrong.
		p.bar = progressbar.NewOptions64(file.Size-from, progressbar.OptionSetWriter(p.w), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription(file.Name), progressbar.OptionThrottle(redraw), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
		p.show(0)
	}
	return p
}

// show moves the bar. A terminal that is gone is no reason to end a download.
func (p *progress) show(n int64) {
	if p.bar != nil && p.bar.Add64(n) != nil {
		p.bar = nil
	}
}

func (p *progress) Write(b []byte) (int, error) {
	p.show(int64(len(b)))
	return len(b), nil
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil && p.bar.Clear() != nil {
		p.bar = nil
	}
}
