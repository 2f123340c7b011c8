package saved

import (
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/vector"
)

// training is what a file is of: weights, and states of all types.
type training struct {
	weights *vector.Vector
	model   map[string]any
	solver  []int64
	plateau []float64
}

func newTraining(t *testing.T, from float64) *training {
	t.Helper()
	w, err := vector.New(vector.Float32, vector.Param{Name: "a.weight", Shape: []int{2, 3}}, vector.Param{Name: "a.bias", Shape: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range w.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			w.Set(i, from+float64(i))
		}
	}
	return &training{w, map[string]any{"mean": []float64{from, 2}, "count": []int64{int64(from)}}, []int64{7 + int64(from)}, []float64{math.Inf(1), from}}
}

func (x *training) parts() Parts {
	return Parts{
		Weights: x.weights,
		Model: func(visit func(string, any)) {
			for _, name := range []string{"mean", "count"} {
				visit(name, x.model[name])
			}
		},
		Solver:    func(visit func(string, any)) { visit("time", x.solver) },
		Schedules: func(visit func(string, any)) { visit("rate/best", x.plateau) },
	}
}

var settings = Settings{Examples: 40, Batch: "step(8,2,1ep)", Seed: 9, Solver: "nag(0.9) rate 0.1"}

// record has all that a file may say.
func record() Record {
	return Record{
		Epochs: []Epoch{{1, 5, 40, 40, math.NaN(), 0.1}, {2, 5, 40}}, Current: Epoch{0, 3}, Tests: []Test{{5, 1, 0.5, 30, 40}},
		Hooks: [3]int64{1, 0, 1}, Pending: EpochPending,
	}
}

func save(t *testing.T, x *training, r Record) (path string, file *checkpoint.File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "run")
	if err := Save(path, x.parts(), settings, r); err != nil {
		t.Fatal(err)
	}
	file, err := checkpoint.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, file
}

// solution is one with a statistic of its own.
func solution(t *testing.T) Solution {
	return Solution{newTraining(t, 100).weights, func(visit func(string, any)) { visit("mean", []float64{-1, -2}) }}
}

// TestReadsWhatItSaves holds that a training comes back as it was, with its record, whatever its result is.
func TestReadsWhatItSaves(t *testing.T) {
	for _, result := range []Result{WeightsAre, SolutionIs, NotThere} {
		for _, r := range []Record{record(), {}} {
			if r.Result = result; result == SolutionIs {
				r.Solution = solution(t)
			}
			x, y := newTraining(t, 1), newTraining(t, 50)
			_, file := save(t, x, r)
			before := newTraining(t, 50)
			got, err := Read(file, y.parts(), settings)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(y, before) {
				t.Error("reading changes the training")
			}
			Restore(file, y.parts())
			if !reflect.DeepEqual(x, y) {
				t.Errorf("%+v is restored, want %+v", y, x)
			}
			if len(got.Epochs) > 0 && math.IsNaN(got.Epochs[0][4]) {
				got.Epochs[0][4], r.Epochs[0][4] = 0, 0 // NaN is no equal of itself
			}
			r.Solution = Solution{}
			if !reflect.DeepEqual(got, r) {
				t.Errorf("read %+v, want %+v", got, r)
			}
		}
	}
}

// TestReadRefuses holds the errors for files that aren't of the training.
func TestReadRefuses(t *testing.T) {
	x := newTraining(t, 1)
	r := record()
	r.Result, r.Solution = SolutionIs, solution(t)
	for _, c := range []struct {
		name string // of an array that is changed
		data any    // nil: taken away
		key  string
		text string
		want string
	}{
		{key: "format", text: "x", want: `the checkpoint's format is "x", want "fallline training 1"`},
		{key: "examples", text: "41", want: `the checkpoint's examples is "41", want "40"`},
		{key: "batch", text: "8", want: `the checkpoint's batch is "8", want "step(8,2,1ep)"`},
		{key: "seed", text: "8", want: `the checkpoint's seed is "8", want "9"`},
		{key: "solver", text: "sgd rate 0.1", want: `the checkpoint's solver has the rule sgd, want nag(0.9)`},
		{key: "pending", text: "x", want: `the checkpoint's pending is "x", want "evaluation" or "epoch"`},
		{name: "weights/a.bias", want: "the checkpoint lacks weights/a.bias []float32 of shape 3"},
		{name: "weights/a.bias", data: []float64{1, 2, 3}, want: "the checkpoint has weights/a.bias []float64 of shape 3, want weights/a.bias []float32 of shape 3"},
		{name: "model/mean", data: []float64{math.NaN(), 2}, want: `array "model/mean": element 0 is NaN`},
		{name: "solver/time", data: []int64{1, 2}, want: "the checkpoint has solver/time []int64 of shape 2, want solver/time []int64 of shape 1"},
		{name: "solver/more", data: []int64{1}, want: "the checkpoint has solver/more []int64 of shape 1, which neither model nor solver knows"},
		{name: "solution/weights/a.bias", want: "the checkpoint lacks solution/weights/a.bias []float32 of shape 3"},
		{name: "solution/model/mean", data: []float64{1}, want: "the checkpoint has solution/model/mean []float64 of shape 1, want solution/model/mean []float64 of shape 2"},
		{name: "solution/model/x", data: []float64{1}, want: "the checkpoint has solution/model/x []float64 of shape 1, which neither model nor solver knows"},
		{name: "solution/solver/time", data: []int64{1}, want: "the checkpoint has solution/solver/time []int64 of shape 1, which neither model nor solver knows"},
		{name: "train/hooks", data: []int64{1}, want: "the checkpoint has train/hooks []int64 of shape 1, want train/hooks []int64 of shape 3"},
	} {
		_, file := save(t, x, r)
		var arrays []checkpoint.Array
		for _, a := range file.Arrays {
			if a.Name != c.name {
				arrays = append(arrays, a)
			}
		}
		if c.data != nil {
			arrays = append(arrays, checkpoint.Array{Name: c.name, Shape: []int{length(c.data)}, Data: c.data})
		}
		if file.Arrays = arrays; c.key != "" {
			file.Meta[c.key] = c.text
		}
		if _, err := Read(file, x.parts(), settings); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s%s: %v, want %s", c.name, c.key, err, c.want)
		}
	}
}

// TestSaveRefuses holds that numbers which aren't finite replace nothing, but in schedules and the history.
func TestSaveRefuses(t *testing.T) {
	for _, c := range []struct {
		spoil func(*training, *Record)
		want  string
	}{
		{func(x *training, _ *Record) { x.weights.Set(1, math.NaN()) }, `array "weights/a.weight": element 1 is NaN`},
		{func(x *training, _ *Record) { x.model["mean"] = []float64{1, math.Inf(1)} }, `array "model/mean": element 1 is +Inf`},
		{func(_ *training, r *Record) { r.Solution.Weights.Set(2, math.NaN()) }, `array "solution/weights/a.weight": element 2 is NaN`},
	} {
		x, r := newTraining(t, 1), record()
		r.Result, r.Solution = SolutionIs, solution(t)
		path, before := save(t, x, r)
		c.spoil(x, &r)
		if err := Save(path, x.parts(), settings, r); err == nil || !strings.HasPrefix(err.Error(), "save "+path+": "+c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if after, err := checkpoint.Load(path); err != nil || len(after.Arrays) != len(before.Arrays) {
			t.Errorf("%s: another file, %v", c.want, err)
		}
	}
	x := newTraining(t, 1)
	if err := Check(filepath.Join(t.TempDir(), "none", "run"), x.parts(), settings); err == nil {
		t.Error("a folder that isn't there is legal")
	}
	x.model["count"] = "text"
	if err := Check(filepath.Join(t.TempDir(), "run"), x.parts(), settings); err == nil || !strings.HasPrefix(err.Error(), "save: ") {
		t.Errorf("text as a state: %v", err)
	}
}

// TestModel holds what of a file is the model, under which names and in which shapes.
func TestModel(t *testing.T) {
	want := []checkpoint.Array{{Name: "mean", Shape: []int{1, 2}, Data: []float32{0, 0}}, {Name: "count", Shape: []int{2}, Data: []int64{0, 0}}}
	for result, c := range map[Result]struct{ first, mean float64 }{WeightsAre: {1, 1}, SolutionIs: {100, -1}} {
		r := record()
		if r.Result = result; result == SolutionIs {
			r.Solution = solution(t)
		}
		_, file := save(t, newTraining(t, 1), r)
		m, err := Model(file, want)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range m.Arrays {
			names = append(names, a.Name)
		}
		if got := strings.Join(names, " "); got != "a.weight a.bias mean count" {
			t.Errorf("arrays %s", got)
		}
		w, _ := m.Find("a.weight")
		mean, _ := m.Find("mean")
		count, _ := m.Find("count")
		if w.Data.([]float32)[0] != float32(c.first) || mean.Data.([]float64)[0] != c.mean {
			t.Errorf("result %d: weights %v and mean %v", result, w.Data, mean.Data)
		}
		if !reflect.DeepEqual(w.Shape, []int{2, 3}) || !reflect.DeepEqual(mean.Shape, []int{1, 2}) || !reflect.DeepEqual(count.Shape, []int{1}) {
			t.Errorf("shapes %v, %v, %v", w.Shape, mean.Shape, count.Shape)
		}
	}
	other := &checkpoint.File{Arrays: want}
	if m, err := Model(other, want); err != nil || m != other {
		t.Errorf("a model's own file: %v, %v", m, err)
	}
}
