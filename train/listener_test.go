package train

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// scribe is a Listener that writes down what it is told, and then spoils what it can reach.
type scribe struct {
	start Start
	lines []string
	its   []Figures
	end   error
}

func (s *scribe) add(format string, a ...any) { s.lines = append(s.lines, fmt.Sprintf(format, a...)) }

func (s *scribe) Begin(b Start) {
	s.start = b
	s.start.Shape, s.start.History = slices.Clone(b.Shape), b.History.clone()
	s.add("begin at %d", b.Iteration)
	b.Shape[0] = -1
	clear(b.History.Tests)
	for i := range b.History.Epochs {
		if t := b.History.Epochs[i].Test; t != nil {
			*t = Evaluation{}
		}
		b.History.Epochs[i] = Epoch{}
	}
}

func (s *scribe) Iteration(x Figures) {
	s.its = append(s.its, x)
	s.add("iteration %d of epoch %d", x.Number, x.Running.Number)
}

func (s *scribe) Test(t Tested) { s.add("test at %d: %.6f", t.Iteration, t.Loss) }

func (s *scribe) Epoch(e Epoch) {
	if e.Test == nil {
		s.add("epoch %d", e.Number)
		return
	}
	s.add("epoch %d: %.6f", e.Number, e.Test.Loss)
	*e.Test = Evaluation{Loss: -1}
}

func (s *scribe) Note(text string) { s.add("note: %s", text) }

func (s *scribe) End(err error) { s.end = err; s.add("end: %v", err) }

// TestListeners holds what listeners are told and in which order, that each gets copies, that hooks come after them,
// and that the training is the one without them.
func TestListeners(t *testing.T) {
	d := blobs(25)
	options := []Option{Epochs(2), Batch(10), Test(d, EveryIterations(2)), MicroBatch(6)}
	plain := newLinear(vector.Float64, d.Shape(), 4)
	want := must(Fit(background, plain, d, sgd(0.1), options...))

	a, b := &scribe{}, &scribe{}
	m := newLinear(vector.Float64, d.Shape(), 4)
	hook := OnIteration(func(it Iteration) error {
		a.add("hook %d", it.Number)
		if x := a.its[len(a.its)-1]; x != it.Figures {
			t.Errorf("a listener was told %+v, a hook %+v", x, it.Figures)
		}
		return nil
	})
	h := must(Fit(background, m, d, sgd(0.1), append(options, Watch(a, BaseListener{}), hook, Watch(b))...))
	if got, want := untimed(h), untimed(want); !reflect.DeepEqual(got, want) || !slices.Equal(bits(m.weights), bits(plain.weights)) {
		t.Errorf("history %+v with listeners, %+v without", got, want)
	}
	at := func(k int) float64 { return want.Tests[k].Loss }
	lines := []string{
		"begin at 0",
		"note: iteration 1: a batch of 10 examples in 2 pieces of at most 6",
		"iteration 1 of epoch 1", "hook 1",
		"iteration 2 of epoch 1", fmt.Sprintf("test at 2: %.6f", at(0)), "hook 2",
		"iteration 3 of epoch 1", "epoch 1", "hook 3",
		"iteration 4 of epoch 2", fmt.Sprintf("test at 4: %.6f", at(1)), "hook 4",
		"iteration 5 of epoch 2", "hook 5",
		"iteration 6 of epoch 2", fmt.Sprintf("epoch 2: %.6f", at(2)), "hook 6",
		"end: <nil>",
	}
	if !slices.Equal(a.lines, lines) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(a.lines, "\n"), strings.Join(lines, "\n"))
	}
	noHooks := slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "hook") })
	if !slices.Equal(b.lines, noHooks) {
		t.Errorf("the second was told %q", b.lines)
	}
	start := Start{Examples: 25, Test: 25, Epochs: 2, Shape: []int{3}, Classes: 4, Parameters: 16, Solver: sgd(0.1).String(), History: &History{Dataset: 25, Epochs: []Epoch{}}}
	if !reflect.DeepEqual(b.start, start) {
		t.Errorf("begun as %+v, want %+v", b.start, start)
	}
	for i, x := range a.its {
		e := x.Running
		if e.Iterations != int64(1+i%3) || e.Examples != []int64{10, 20, 25}[i%3] || e.Rate != 0.1 || !(x.Seconds > 0) || !(x.Norm > 0) {
			t.Errorf("iteration %d: %+v", i+1, x)
		}
	}
	last, e := a.its[2].Running, want.Epochs[0]
	if last.Loss != e.Loss || last.Gradients != e.Gradients {
		t.Errorf("the first epoch ends as %+v, want %+v", last, e)
	}
}

// TestListenersOfAResumedTraining holds that they are told where it stands, with what was before, and what was pending.
func TestListenersOfAResumedTraining(t *testing.T) {
	d := blobs(40)
	path := filepath.Join(t.TempDir(), "run")
	options := []Option{Epochs(3), Batch(10), Test(d), Save(path)}
	ctx, cancel := context.WithCancel(background)
	first := &scribe{}
	m := newLinear(vector.Float64, d.Shape(), 4)
	_, err := Fit(ctx, m, d, sgd(0.1), append(options, Watch(first), OnIteration(func(it Iteration) error {
		if it.Number == 6 {
			cancel()
		}
		return nil
	}))...)
	if !errors.Is(err, context.Canceled) || first.end != err {
		t.Errorf("ended by %v, and the listener was told %v", err, first.end)
	}
	second := &scribe{}
	h := must(Fit(background, m, d, sgd(0.1), append(options, Resume(path), Watch(second))...))
	s := second.start
	if s.Iteration != 6 || s.Epoch != 1.5 || len(s.History.Epochs) != 2 || s.History.Epochs[1].Iterations != 2 || len(s.History.Tests) != 1 {
		t.Errorf("begun as %+v, %+v", s, s.History)
	}
	if got := s.Share(s.Iteration, s.Epoch); got != 0.5 {
		t.Errorf("%v are done, want a half", got)
	}
	if len(second.its) != 6 || second.its[0].Running.Iterations != 3 {
		t.Errorf("iterations %+v", second.its)
	}
	if len(h.Tests) != 3 || h.Tests[0].Loss == 0 || h.Epochs[0].Test.Loss == 0 {
		t.Errorf("the listener has spoilt the history: %+v", h)
	}
}

// TestListenersOfAnEvaluationMadeAgain holds that where hooks have changed the model they are told the new evaluation.
func TestListenersOfAnEvaluationMadeAgain(t *testing.T) {
	d := blobs(20)
	m := newLinear(vector.Float64, d.Shape(), 4)
	s := &scribe{}
	h := must(Fit(background, m, d, sgd(0.1), Epochs(2), Batch(10), Test(d), Watch(s), OnEpoch(func(Epoch) error {
		m.Weights().Scale(0.5)
		return nil
	})))
	told := slices.DeleteFunc(s.lines, func(l string) bool { return !strings.HasPrefix(l, "test") })
	want := []string{fmt.Sprintf("test at 2: %.6f", h.Tests[0].Loss), fmt.Sprintf("test at 4: %.6f", h.Tests[1].Loss)}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// TestListenersEnd holds that End comes once where Begin did, with Fit's own error, after an error and after a panic,
// and not where nothing began.
func TestListenersEnd(t *testing.T) {
	d := blobs(20)
	broken := errors.New("broken")
	s := &scribe{}
	m := newLinear(vector.Float64, d.Shape(), 4)
	_, err := Fit(background, m, d, sgd(0.1), Watch(s), OnIteration(func(Iteration) error { return broken }))
	if !errors.Is(err, broken) || s.end != err || s.lines[len(s.lines)-1] != "end: train: broken" {
		t.Errorf("%v, told %q", err, s.lines)
	}
	s = &scribe{}
	if _, err := Fit(background, m, d, sgd(0.1), Watch(s), Epochs(0)); err == nil || len(s.lines) != 0 {
		t.Errorf("%v, told %q", err, s.lines)
	}
	s = &scribe{}
	func() {
		defer func() {
			if r := recover(); r != "the hook's" {
				t.Errorf("recovered %v", r)
			}
		}()
		_, _ = Fit(background, m, d, sgd(0.1), Watch(s), OnIteration(func(Iteration) error { panic("the hook's") }))
	}()
	if s.end != errLeft || s.lines[len(s.lines)-1] != "end: "+errLeft.Error() {
		t.Errorf("told %q", s.lines)
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		s         Start
		iteration int64
		epoch     float64
		want      float64
	}{
		{Start{Epochs: 4}, 100, 1, 0.25},
		{Start{Epochs: 4}, 100, 5, 1},
		{Start{Iterations: 200}, 50, 9, 0.25},
		{Start{Iterations: 200}, 300, 1, 1},
	} {
		if got := c.s.Share(c.iteration, c.epoch); got != c.want {
			t.Errorf("%+v after %d iterations and %v epochs: %v, want %v", c.s, c.iteration, c.epoch, got, c.want)
		}
	}
}

// Without a listener that prints Fit prints nothing.
func TestNoOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	d := blobs(20)
	_, err = Fit(background, newLinear(vector.Float32, d.Shape(), 4), d, sgd(0.1), Test(d), Watch(BaseListener{}))
	os.Stdout, os.Stderr = stdout, stderr
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := io.ReadAll(r); err != nil || len(out) != 0 {
		t.Errorf("printed %q, %v", out, err)
	}
}
