package train

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/vector"
)

func TestSaveEvery(t *testing.T) {
	d := blobs(40) // 4 iterations an epoch
	for _, c := range []struct {
		every []Every
		want  []int64
	}{
		{nil, []int64{4, 8, 10}},
		{[]Every{EveryEpochs(2)}, []int64{8, 10}},
		{[]Every{EveryIterations(3)}, []int64{3, 6, 9, 10}},
	} {
		path := filepath.Join(t.TempDir(), "run")
		var saved []int64
		look := func() {
			file, err := checkpoint.Load(path)
			if err != nil {
				return
			}
			a, _ := file.Find("solver/run.time")
			if at := a.Data.([]int64)[0]; len(saved) == 0 || saved[len(saved)-1] != at {
				saved = append(saved, at)
			}
		}
		m := newLinear(vector.Float32, d.Shape(), 4)
		_, err := Fit(background, m, d, sgd(0.1), Iterations(10), Batch(10), Save(path, c.every...), OnIteration(func(Iteration) error {
			look()
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		look()
		if !slices.Equal(saved, c.want) {
			t.Errorf("%v: saved after %v, want %v", c.every, saved, c.want)
		}
	}
}

// The checkpoint is a file that others can read: weights under their names and shapes, and what it is in its text.
func TestCheckpointContents(t *testing.T) {
	d := blobs(40)
	path := filepath.Join(t.TempDir(), "run.safetensors")
	m := newLinear(vector.Float32, d.Shape(), 4)
	must(Fit(background, m, d, solver(), Batch(10), Seed(7), Save(path)))
	file := must(checkpoint.Load(path))
	w, ok := file.Find("weights/w")
	if !ok || !slices.Equal(w.Shape, []int{3, 4}) || !slices.Equal(w.Data.([]float32), m.weights.F32[:12]) {
		t.Errorf("weights/w is %v", w)
	}
	for _, name := range []string{"weights/b", "model/moved", "solver/run.time", "solver/sampler.position", "solver/rule.velocity/w"} {
		if _, ok := file.Find(name); !ok {
			t.Errorf("no %s", name)
		}
	}
	want := map[string]string{"format": "fallline training 1", "examples": "40", "batch": "10", "seed": "7", "solver": solver().String()}
	if !reflect.DeepEqual(file.Meta, want) {
		t.Errorf("text %q, want %q", file.Meta, want)
	}
}
