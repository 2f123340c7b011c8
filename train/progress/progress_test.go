package progress

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/train"
)

// TestOutput holds every byte that trainings of all kinds print, off a terminal, on one that is too narrow for a bar,
// and on wider ones. On those what stays is the same lines; the bar is compared where no evaluation takes time of its
// own.
//
// The file was printed by the display as it was when it was a part of package train.
func TestOutput(t *testing.T) {
	want := map[string][]string{} // lines
	file, err := os.ReadFile("testdata/output.json")
	if err == nil {
		err = json.Unmarshal(file, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, cols := range []int{0, 39, 40, 60, 80, 100, 200} {
		for _, s := range scenarios(t.TempDir()) {
			got, err := run(t, s, cols)
			if err != nil {
				got += fmt.Sprintf("error: %v\n", err)
			}
			if w := strings.Join(want[s.name], "\n"); staying(got) != w || cols < leastCols && got != w {
				t.Errorf("%s, %d columns: printed\n%s\nwant\n%s", s.name, cols, got, w)
			}
			if lines, known := want[fmt.Sprintf("%s, %d columns", s.name, cols)]; known {
				compared++
				if w := strings.Join(lines, "\n"); got != w {
					t.Errorf("%s, %d columns: printed\n%q\nwant\n%q", s.name, cols, got, w)
				}
			}
		}
	}
	if n := len(scenarios("")); compared+n != len(want) || compared < 6 {
		t.Errorf("%d sections for %d scenarios and %d bars", len(want), n, compared)
	}
}

// staying is what stays of a text on a terminal.
func staying(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = l[strings.LastIndex(l, "\r")+1:]
	}
	return strings.Join(lines, "\n")
}

// On a terminal the bar is drawn, kept inside the line, cleared for the lines, and gone in the end.
func TestBar(t *testing.T) {
	whole := regexp.MustCompile(`\|  [123]/3( loss \d\.\d{4}( \d+\.\d\d%)?( rate 0\.1( \d+ examples/s( \d+s left)?)?)?)? *$`)
	frame := regexp.MustCompile(`\d+% \|█* *\|  [123]/3 loss [\d.]+( \d+\.\d\d%)? rate 0\.1 \d+ examples/s \d+s left`)
	d := must(datasets.Blobs(1000, 3, 4, 0.3, 1))
	s := scenario{"bar", d, func(timedModel) []train.Option {
		return []train.Option{train.Epochs(3), train.Batch(100), train.Test(d)}
	}}
	for _, cols := range []int{200, 100, 80, 60, 40} {
		out, err := run(t, s, cols)
		if err != nil {
			t.Fatal(err)
		}
		bars := 0
		for line := range strings.Lines(out) {
			parts := strings.Split(line, "\r")
			for _, p := range parts[:len(parts)-1] {
				if !strings.Contains(p, "|") {
					continue
				}
				bars++
				if n := utf8.RuneCountInString(p); n >= cols {
					t.Errorf("%d columns for %d: %q", n, cols, p)
				}
				if !whole.MatchString(p) {
					t.Errorf("%d columns: a figure is cut in %q", cols, p)
				}
			}
			if cols >= 80 && strings.Contains(line, "|") && !frame.MatchString(line) {
				t.Errorf("line %q", line)
			}
		}
		if bars < 15 {
			t.Errorf("%d columns: the bar was drawn %d times", cols, bars)
		}
		if left := staying(out); !regexp.MustCompile(`^(epoch [123]/3 .*\n){3}$`).MatchString(left) {
			t.Errorf("%d columns: what stays on the screen is %q, want three lines", cols, left)
		}
	}
}

// TestSeveral holds that several displays show the same, each on its own writer, and that one serves a second training
// as the first.
func TestSeveral(t *testing.T) {
	s := scenarios(t.TempDir())[0]
	var a, b bytes.Buffer
	watch := train.Watch(newScreen(&a, 0), newScreen(&b, 0))
	want, err := run(t, s, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a.Reset()
		b.Reset()
		synctest.Test(t, func(t *testing.T) {
			m := newTimedModel(s.data)
			must(train.Fit(context.Background(), m, s.data, sgd(), append(s.options(m), watch)...))
		})
		if a.String() != want || b.String() != want {
			t.Errorf("%q and %q, want %q", a.String(), b.String(), want)
		}
	}
}

func TestNoWriter(t *testing.T) {
	s := scenarios(t.TempDir())[0]
	for _, w := range []io.Writer{nil, (*bytes.Buffer)(nil), (*os.File)(nil)} {
		_, err := train.Fit(context.Background(), newTimedModel(s.data), s.data, sgd(), To(w))
		if err == nil || err.Error() != "train: no writer for the progress: it is nil" {
			t.Errorf("%T: %v", w, err)
		}
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
func TestWriterFails(t *testing.T) {
	for _, s := range scenarios(t.TempDir())[:4] {
		m := newTimedModel(s.data)
		synctest.Test(t, func(t *testing.T) {
			if _, err := train.Fit(context.Background(), m, s.data, sgd(), append(s.options(m), train.Watch(newScreen(broken{}, 80)))...); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// After a Resume the time left is reckoned from what this call has done: at 70 ms an iteration, 3 of 4 epochs of 10 are
// left after its first.
func TestAfterResume(t *testing.T) {
	d := must(datasets.Blobs(1000, 3, 4, 0.3, 1))
	path := t.TempDir() + "/run"
	for _, epochs := range []int{6, 10} {
		out, err := run(t, scenario{"", d, func(timedModel) []train.Option {
			options := []train.Option{train.Epochs(epochs), train.Batch(100), train.Save(path)}
			if epochs > 6 {
				time.Sleep(time.Hour) // between the two trainings
				options = append(options, train.Resume(path))
			}
			return options
		}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out, "\n")
		if first := lines[0]; epochs > 6 && !regexp.MustCompile(`^epoch  7/10 .* 2s left$`).MatchString(first) {
			t.Errorf("first line %q", first)
		}
		if want := []int{7, 5}[slices.Index([]int{6, 10}, epochs)]; len(lines) != want {
			t.Errorf("%d epochs: printed %q", epochs, out)
		}
	}
}
