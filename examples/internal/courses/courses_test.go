package courses

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
)

func constant(x float64) schedules.Schedule { return schedules.Constant(x) }

func TestDraw(t *testing.T) {
	for _, c := range []struct {
		rate schedules.Schedule
		want string
	}{
		{schedules.Warmup(20, schedules.Cosine(0.1, 0, 50)), "iteration"},
		{schedules.Warmup(20, schedules.Cosine(0.1, 0, schedules.Epochs(4))), "epoch"},
	} {
		path := filepath.Join(t.TempDir(), "rate.svg")
		r := Run{N: 1000, Epochs: 5, Batch: constant(64)}
		if err := Draw(t.Context(), path, r, Course{"rate", c.rate}, Course{"batch", r.Batch}); err != nil {
			t.Fatal(err)
		}
		text := words(t, path)
		for _, want := range []string{c.want, "rate", "batch", c.rate.String(), "constant(64)"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: no %q in the picture: %s", c.rate, want, text)
			}
		}
	}
}

// words reads a picture, which must be whole, and returns what is written in it.
func words(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	d := xml.NewDecoder(f)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			b.WriteString(strings.TrimSpace(string(text)) + "\n")
		}
	}
}

func TestDrawErrors(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		path        string
		rate, batch schedules.Schedule
		want        string
	}{
		{"rate.png", constant(1), constant(1), "picture of the schedules: file rate.png, want a name that ends in .svg"},
		{filepath.Join(dir, "a.svg"), schedules.Cosine(1, 0, 0), constant(1), "picture of the schedules: rate: schedules: cosine: length of 0 iterations, want at least 1"},
		{filepath.Join(dir, "a.svg"), schedules.Step(1e300, 1e300, 5), constant(1), "picture of the schedules: rate of +Inf at iteration 5 (step(1e+300,1e+300,5)), want a finite number"},
		{filepath.Join(dir, "no", "a.svg"), constant(1), constant(1), "picture of the schedules: checkpoint: save " + filepath.Join(dir, "no", "a.svg") + ": a new file in " + filepath.Join(dir, "no") + ": no such file or directory"},
		{filepath.Join(dir, "a.svg"), constant(1), schedules.Step(8, 4, 5), "picture of the schedules: batch of 128 examples at iteration 10 (step(8,4,5)), want 1 to 100"},
	} {
		err := Draw(t.Context(), c.path, Run{N: 100, Epochs: 10, Batch: c.batch}, Course{"rate", c.rate})
		if err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.rate, err, c.want)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%v: left %v behind", c.rate, left)
		}
	}
}

// TestIterations holds that time passes as in train: epochs end exactly, with a short batch, and a batch may grow.
func TestIterations(t *testing.T) {
	r := Run{N: 100, Epochs: 2, Batch: schedules.Milestones(30, 2, schedules.Epochs(1))}
	var seen []int64
	end, err := r.iterations(t.Context(), func(t schedules.Time) error {
		seen = append(seen, t.Seen)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int64{0, 30, 60, 90, 100, 160}; !slices.Equal(seen, want) || end != (schedules.Time{Step: 6, Seen: 200, N: 100}) {
		t.Errorf("examples seen %v and in the end %v, want %v and 200", seen, end, want)
	}
}

// TestThinning holds that a long run is drawn of few points, and that single peaks are among them.
func TestThinning(t *testing.T) {
	r := Run{N: 1000, Epochs: 100, Batch: constant(1)}
	spike := schedules.Func("spike", 1, func(x float64) float64 {
		if int(x)%12345 == 77 {
			return 5
		}
		return 1 - x/1e6
	})
	lines, err := r.lines(t.Context(), []Course{{"rate", spike}}, false)
	if err != nil {
		t.Fatal(err)
	}
	spikes := 0
	for i, p := range lines[0] {
		if p.Y == 5 {
			spikes++
		}
		if i > 0 && p.X <= lines[0][i-1].X {
			t.Fatalf("point %d at %v after %v", i, p.X, lines[0][i-1].X)
		}
	}
	if spikes != 9 || len(lines[0]) > 3*most+3 {
		t.Errorf("%d peaks in %d points, want 9 in at most %d", spikes, len(lines[0]), 3*most+3)
	}
	if lines, err = r.lines(t.Context(), []Course{{"rate", constant(3)}}, true); err != nil {
		t.Fatal(err)
	}
	if end := lines[0][len(lines[0])-1]; end.X != 100 {
		t.Errorf("a level line ends at epoch %v, want 100", end.X)
	}
}

// TestLastValue holds that a line ends at the value of the last iteration: not at the one that would come after it.
func TestLastValue(t *testing.T) {
	r := Run{N: 100, Epochs: 4, Batch: schedules.Step(10, 2, schedules.Epochs(2))}
	lines, err := r.lines(t.Context(), []Course{{"batch", r.Batch}}, true)
	if err != nil {
		t.Fatal(err)
	}
	if end := lines[0][len(lines[0])-1]; end.X != 4 || end.Y != 20 {
		t.Errorf("the line ends at %v, want a batch of 20 at epoch 4", end)
	}
}

// TestPlateau holds that a picture says of a schedule that follows a metric when its course is the drawn one.
func TestPlateau(t *testing.T) {
	plateau := &schedules.Plateau{Of: constant(0.1), Factor: 0.1, Patience: 2}
	for text, s := range map[string]schedules.Schedule{
		" as long as its metric improves": schedules.Scale(2, plateau), "": constant(0.1),
	} {
		if got := (Course{"rate", s}).condition(); got != text {
			t.Errorf("%v: %q, want %q", s, got, text)
		}
	}
}

// TestCancelled holds that drawing a training without end can be ended.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := Run{N: 1 << 30, Epochs: 1 << 30, Batch: constant(1)}
	if err := Draw(ctx, "a.svg", r, Course{"batch", r.Batch}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want one of cancelling", err)
	}
}

func TestTicks(t *testing.T) {
	for _, tick := range (ticks{}).Ticks(0, 7500) {
		if strings.Contains(tick.Label, ".") {
			t.Errorf("label %s", tick.Label)
		}
	}
}
