package train

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// untimed is a history without its times.
func untimed(h *History) History {
	c := *h
	c.Seconds = 0
	c.Epochs = slices.Clone(h.Epochs)
	for i := range c.Epochs {
		c.Epochs[i].Seconds = 0
	}
	return c
}

// A training that was split anywhere, once or often, equals the whole one bit for bit: weights, model's state, history.
func TestSplitRunEqualsWholeRun(t *testing.T) {
	d, test := blobs(43), must(datasets.Blobs(30, 3, 4, 0.3, 2))
	const batch, epochs = 8, 4 // 6 iterations an epoch, the last with 3 examples
	for _, kind := range []struct {
		name    string
		dt      vector.Type
		solver  func() *solvers.Solver
		options []Option
	}{
		{"nag float32", vector.Float32, func() *solvers.Solver {
			return solver(solvers.ClipNorm(1), solvers.Decay(5e-4, solvers.Except("bias")))
		}, nil},
		{"nag float64", vector.Float64, func() *solvers.Solver { return solver() }, nil},
		{"momentum, by epochs", vector.Float32, func() *solvers.Solver {
			return must(solvers.New(solvers.Momentum{Momentum: 0.9, Dampening: 0.2}, solvers.Rate(schedules.Step(0.3, 0.5, schedules.Epochs(2)))))
		}, nil},
		{"with replacement", vector.Float64, func() *solvers.Solver { return solver() }, []Option{Sample(solvers.WithReplacement)}},
		{"full batch", vector.Float32, func() *solvers.Solver { return solver(solvers.From(solvers.FullBatch{})) }, nil},
	} {
		options := func(more ...Option) []Option {
			return slices.Concat(kind.options, []Option{Epochs(epochs), Batch(batch), Seed(5), Test(test)}, more)
		}
		whole := newLinear(kind.dt, d.Shape(), 4)
		want, err := Fit(background, whole, d, kind.solver(), options()...)
		if err != nil {
			t.Fatalf("%s: %v", kind.name, err)
		}
		for _, cuts := range [][]int64{{1}, {5}, {6}, {7}, {23}, {2, 9, 10, 18}} {
			path := filepath.Join(t.TempDir(), "run")
			var got *History
			m := newLinear(kind.dt, d.Shape(), 4)
			for i, cut := range append(cuts, 1<<30) {
				ctx, cancel := context.WithCancel(background)
				more := []Option{Save(path), OnIteration(func(it Iteration) error {
					if it.Number == cut {
						cancel()
					}
					return nil
				})}
				if i > 0 {
					more = append(more, Resume(path))
					m = newLinear(kind.dt, d.Shape(), 4)
					m.weights.Zero()
				}
				got, err = Fit(ctx, m, d, kind.solver(), options(more...)...)
				cancel()
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Fatalf("%s: cut at %d: %v", kind.name, cut, err)
				}
			}
			if !slices.Equal(bits(m.weights), bits(whole.weights)) {
				t.Errorf("%s: cut at %v: other weights", kind.name, cuts)
			}
			if m.moved[0] != whole.moved[0] {
				t.Errorf("%s: cut at %v: statistics moved %d times, want %d", kind.name, cuts, m.moved[0], whole.moved[0])
			}
			if g, w := untimed(got), untimed(want); !reflect.DeepEqual(g, w) {
				t.Errorf("%s: cut at %v: history %+v, want %+v", kind.name, cuts, g, w)
			}
		}
	}
}

// A training that was finished can be made longer.
func TestResumeLonger(t *testing.T) {
	d := blobs(40)
	path := filepath.Join(t.TempDir(), "run")
	whole, m := newLinear(vector.Float32, d.Shape(), 4), newLinear(vector.Float32, d.Shape(), 4)
	must(Fit(background, whole, d, solver(), Epochs(5), Batch(10)))
	must(Fit(background, m, d, solver(), Epochs(2), Batch(10), Save(path)))
	h, err := Fit(background, m, d, solver(), Epochs(5), Batch(10), Save(path), Resume(path))
	if err != nil || len(h.Epochs) != 5 || !slices.Equal(bits(m.weights), bits(whole.weights)) {
		t.Errorf("%+v, %v", h, err)
	}
	// Over already: nothing is run but a test that wasn't made, and the weights are those of the file.
	fresh := newLinear(vector.Float32, d.Shape(), 4)
	h, err = Fit(background, fresh, d, solver(), Epochs(3), Batch(10), Resume(path), Test(d))
	if err != nil || h.Iterations != 20 || len(h.Tests) != 1 || fresh.calls.Load() != 0 || !slices.Equal(bits(fresh.weights), bits(whole.weights)) {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestBadResume(t *testing.T) {
	d := blobs(40)
	path := filepath.Join(t.TempDir(), "run")
	must(Fit(background, newLinear(vector.Float32, d.Shape(), 4), d, solver(), Batch(10), Seed(7), Save(path)))
	file := must(checkpoint.Load(path))
	// edited saves the file with one array replaced, or without it where data is nil.
	edited := func(name string, shape []int, data any) string {
		var arrays []checkpoint.Array
		for _, a := range file.Arrays {
			if a.Name != name {
				arrays = append(arrays, a)
			}
		}
		if data != nil {
			arrays = append(arrays, checkpoint.Array{Name: name, Shape: shape, Data: data})
		}
		other := filepath.Join(t.TempDir(), "edited")
		if err := checkpoint.Save(other, arrays, file.Meta); err != nil {
			t.Fatal(err)
		}
		return other
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("hello, this is no checkpoint"), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign")
	if err := checkpoint.Save(foreign, file.Arrays, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		m    *linear
		s    *solvers.Solver
		d    datasets.Dataset
		more []Option
	}{
		{want: "not a safetensors file", more: []Option{Resume(text)}},
		{want: `format is "", want "fallline training 1"`, more: []Option{Resume(foreign)}},
		{want: `seed is "7", want "8"`, more: []Option{Resume(path), Seed(8)}},
		{want: `batch is "10", want "20"`, more: []Option{Resume(path), Batch(20)}},
		{want: `examples is "40", want "39"`, d: must(datasets.Take(d, 39)), more: []Option{Resume(path)}},
		{want: "weights/w []float32 of shape 3x4, want weights/w []float64", m: newLinear(vector.Float64, d.Shape(), 4), more: []Option{Resume(path)}},
		{want: "shape 3x4, want weights/w []float32 of shape 3x5", m: newLinear(vector.Float32, d.Shape(), 5), more: []Option{Resume(path)}},
		{want: "solver/rule.velocity/w []float32 of shape 12, which neither", s: sgd(0.1), more: []Option{Resume(path)}},
		{want: "lacks model/moved", more: []Option{Resume(edited("model/moved", nil, nil))}},
		{want: "lacks train/epochs", more: []Option{Resume(edited("train/epochs", nil, nil))}},
		{want: "lacks train/tests", more: []Option{Resume(edited("train/tests", nil, nil))}},
		{want: "lacks train/current", more: []Option{Resume(edited("train/current", nil, nil))}},
		{want: "in rows of 11", more: []Option{Resume(edited("train/epochs", []int{1}, []float64{1}))}},
		{want: "in rows of 5", more: []Option{Resume(edited("train/tests", []int{1, 5}, make([]int64, 5)))}},
		{want: "2 epochs in train/current", more: []Option{Resume(edited("train/current", []int{2, 11}, make([]float64, 22)))}},
		{want: "has train/hooks []int64 of shape 2, want", more: []Option{Resume(edited("train/hooks", []int{2}, make([]int64, 2)))}},
		{want: "train/other", more: []Option{Resume(edited("train/other", []int{1}, []float32{1}))}},
	} {
		m, s, data := newLinear(vector.Float32, d.Shape(), 4), solver(), datasets.Dataset(d)
		if c.m != nil {
			m = c.m
		}
		if c.s != nil {
			s = c.s
		}
		if c.d != nil {
			data = c.d
		}
		options := c.more
		if !strings.Contains(c.want, "batch") {
			options = append(options, Batch(10))
		}
		if !strings.Contains(c.want, "seed") {
			options = append(options, Seed(7))
		}
		before := bits(m.weights)
		h, err := Fit(background, m, data, s, options...)
		if err == nil || h != nil || !strings.HasPrefix(err.Error(), "train: resume") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
		if !slices.Equal(bits(m.weights), before) {
			t.Errorf("%s: the weights changed", c.want)
		}
	}
}
