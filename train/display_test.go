package train

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// clock makes each look at the time take as long.
func clock(tick time.Duration) Option {
	now := time.Unix(0, 0)
	return func(c *config) error {
		c.now = func() time.Time {
			now = now.Add(tick)
			return now
		}
		return nil
	}
}

// screen makes Fit take its writer for a terminal.
func screen(cols int) Option {
	return func(c *config) error {
		c.terminal = func(io.Writer) (int, bool) { return cols, true }
		return nil
	}
}

func TestProgressLines(t *testing.T) {
	d := blobs(100)
	images := must(datasets.NewImages([]int{1, 3}, make([]uint8, 30), make([]int, 10), 4))
	curve := must(datasets.Quadratic(10, 1, 1, 1, 0, 1))
	for _, c := range []struct {
		data    datasets.Dataset
		options []Option
		want    string
	}{
		{d, []Option{Epochs(10), Batch(50), Test(d, EveryEpochs(9))}, `^epoch  1/10  loss \d\.\d{4}  rate 0\.1  50 examples/s  \d+s left
(epoch  \d/10  loss .*\n){7}epoch  9/10  loss \d\.\d{4}  test loss \d\.\d{4}  accuracy \d\d\.00% \(\d+ errors\)  rate 0\.1  50 examples/s  \d+s left
epoch 10/10  loss \d\.\d{4}  test loss \d\.\d{4}  accuracy \d\d\.00% \(\d+ errors\)  rate 0\.1  50 examples/s
$`},
		{images, []Option{Epochs(1), Batch(5)}, `^epoch 1/1  loss \d\.\d{4}  rate 0\.1  5 images/s
$`},
		{curve, []Option{Epochs(1), Batch(10), Test(curve)}, `^epoch 1/1  loss \d+\.\d{4}  test loss \d+\.\d{4}  rate 0\.1  10 examples/s
$`},
		{d, []Option{Iterations(5), Batch(50), Test(d, EveryIterations(3))}, `^iteration 2/5  loss .* examples/s  \d+s left
iteration 3/5  test loss \d\.\d{4}  accuracy .* errors\)
iteration 4/5  loss [\d.]+  rate .*
iteration 5/5  loss [\d.]+  test loss .* errors\)  rate 0\.1  50 examples/s
$`},
	} {
		var out bytes.Buffer
		classes := c.data.Classes()
		m := newLinear(vector.Float32, c.data.Shape(), classes)
		must(Fit(background, m, c.data, sgd(0.1), append(c.options, Progress(&out), clock(time.Second))...))
		if !regexp.MustCompile(c.want).MatchString(out.String()) {
			t.Errorf("printed\n%s\nwant\n%s", out.String(), c.want)
		}
	}
}

// On a terminal the bar is drawn, kept inside the line, cleared for the lines, and gone in the end.
func TestProgressBar(t *testing.T) {
	whole := regexp.MustCompile(`\|  [123]/3( loss \d\.\d{4}( \d+\.00%)?( rate 0\.1( \d+ examples/s( \d+s left)?)?)?)? *$`)
	d := blobs(100)
	for _, cols := range []int{200, 100, 80, 60, 40} {
		var out bytes.Buffer
		m := newLinear(vector.Float32, d.Shape(), 4)
		must(Fit(background, m, d, sgd(0.1), Epochs(3), Batch(10), Test(d), Progress(&out), screen(cols), clock(20*time.Millisecond)))
		bars := 0
		var lines []string
		for _, line := range strings.Split(out.String(), "\n") {
			parts := strings.Split(line, "\r")
			lines = append(lines, parts[len(parts)-1])
			for _, p := range parts[:len(parts)-1] {
				if strings.Contains(p, "%") {
					bars++
					if n := utf8.RuneCountInString(p); n >= cols {
						t.Errorf("%d columns for %d: %q", n, cols, p)
					}
					if !whole.MatchString(p) {
						t.Errorf("%d columns: a figure is cut in %q", cols, p)
					}
				}
			}
			if cols >= 80 && strings.Contains(line, "|") && !regexp.MustCompile(`\d+% \|█* *\|  [123]/3 loss [\d.]+( \d+\.00%)? rate 0\.1 \d+ examples/s \d+s left`).MatchString(line) {
				t.Errorf("line %q", line)
			}
		}
		if bars < 5 {
			t.Errorf("%d columns: the bar was drawn %d times", cols, bars)
		}
		if len(lines) != 4 || lines[3] != "" {
			t.Errorf("%d columns: what stays on the screen is %q, want three lines", cols, lines)
		}
		for _, l := range lines[:3] {
			if !strings.HasPrefix(l, "epoch ") {
				t.Errorf("%d columns: line %q", cols, l)
			}
		}
	}
}

func TestNoRoomForABar(t *testing.T) {
	var out bytes.Buffer
	d := blobs(20)
	m := newLinear(vector.Float32, d.Shape(), 4)
	must(Fit(background, m, d, sgd(0.1), Progress(&out), screen(39), clock(time.Second)))
	if strings.ContainsAny(out.String(), "\r|") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("printed %q, want one plain line", out.String())
	}
}

func TestNoProgressNoOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	d := blobs(20)
	_, err = Fit(background, newLinear(vector.Float32, d.Shape(), 4), d, sgd(0.1), Test(d))
	os.Stdout, os.Stderr = stdout, stderr
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := io.ReadAll(r); err != nil || len(out) != 0 {
		t.Errorf("printed %q, %v", out, err)
	}
}

func TestTerminalWidth(t *testing.T) {
	f := must(os.Create(t.TempDir() + "/file"))
	defer f.Close()
	for _, w := range []io.Writer{f, io.Discard, &bytes.Buffer{}} {
		if cols, ok := terminalWidth(w); ok {
			t.Errorf("%T is taken for a terminal of %d columns", w, cols)
		}
	}
}

// A writer that fails doesn't end a training.
func TestProgressWriterFails(t *testing.T) {
	d := blobs(20)
	m := newLinear(vector.Float32, d.Shape(), 4)
	if _, err := Fit(background, m, d, sgd(0.1), Progress(broken{}), screen(80), clock(time.Second)); err != nil {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// After a Resume the time left is reckoned from what this call has done.
func TestProgressAfterResume(t *testing.T) {
	d := blobs(100)
	path := t.TempDir() + "/run"
	ctx, cancel := context.WithCancel(background)
	m := newLinear(vector.Float32, d.Shape(), 4)
	_, err := Fit(ctx, m, d, sgd(0.1), Epochs(10), Batch(50), Save(path), OnEpoch(func(e Epoch) error {
		if e.Number == 5 {
			cancel()
		}
		return nil
	}))
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	var out bytes.Buffer
	must(Fit(background, m, d, sgd(0.1), Epochs(10), Batch(50), Resume(path), Progress(&out), clock(time.Second)))
	// Two looks at the clock an iteration and a few for the lines: an epoch takes about 6 seconds, four are left after the first.
	if first, _, _ := strings.Cut(out.String(), "\n"); !regexp.MustCompile(`^epoch  6/10 .* (1\d|2\d)s left$`).MatchString(first) {
		t.Errorf("first line %q", first)
	}
}
