package nn_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/nn"
)

// TestSaveLoad checks that a saved model, running statistics included, comes back in either type of number.
func TestSaveLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	m := buildEverything(t)
	descend(t, m, 4)
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	x := randomBatch(m, 5, 8).X
	want := outputs(t, m, x)
	same := buildEverything(t, nn.Seed(99))
	if slices.Equal(outputs(t, same, x), want) {
		t.Fatal("the models are equal before the file is loaded")
	}
	if err := same.Load(path); err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, same, x); !slices.Equal(got, want) {
		t.Errorf("outputs %v after loading, want %v", got, want)
	}
	wide := buildEverything(t, nn.Float64())
	if err := wide.Load(path); err != nil {
		t.Fatal(err)
	}
	for i, got := range outputs(t, wide, x) {
		if d := float64(got - want[i]); !(d < 1e-5 && d > -1e-5) {
			t.Errorf("float64 model of a float32 file: output %d is %v, want %v", i, got, want[i])
		}
	}
	if err := wide.Save(path); err != nil {
		t.Fatal(err)
	}
	back := buildEverything(t, nn.Seed(98))
	if err := back.Load(path); err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, back, x); !slices.Equal(got, want) {
		t.Errorf("outputs %v by way of float64, want %v", got, want)
	}
}

// TestVisit checks that what a training's checkpoint keeps beside the weights is the model's own state.
func TestVisit(t *testing.T) {
	m := buildEverything(t)
	descend(t, m, 2)
	x := randomBatch(m, 5, 8).X
	before := outputs(t, m, x)
	var names []string
	m.Visit(func(name string, array any) {
		names = append(names, name)
		array.([]float64)[0] += 0.5
	})
	if want := []string{"batchnorm1.running_mean", "batchnorm1.running_var"}; !slices.Equal(names, want) {
		t.Errorf("state %v, want %v", names, want)
	}
	if slices.Equal(outputs(t, m, x), before) {
		t.Error("what is written to the state doesn't change the outputs")
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	shape := []int{4}
	build := func(net nn.Layer, options ...nn.Option) *nn.Model {
		m, err := nn.Build(net, shape, nn.MeanSquaredError, options...)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := build(nn.Sequential(nn.Dense(3), nn.BatchNorm()), nn.Seed(1))
	before := m.Weights().Clone()
	for _, c := range []struct {
		name string
		net  nn.Layer
		want string
	}{
		{"another shape", nn.Sequential(nn.Dense(5), nn.BatchNorm()), "the file holds dense1.weight of shape 4x5, the model wants 4x3: it is of another network"},
		{"a layer less", nn.Sequential(nn.Dense(3)), "the file lacks batchnorm1.scale of shape 3: it is of another network"},
		{"a layer more", nn.Sequential(nn.Dense(3), nn.BatchNorm(), nn.Dense(1)), "the file holds dense2.weight, which the model lacks: it is of another network"},
	} {
		path := filepath.Join(dir, "file")
		if err := build(c.net, nn.Seed(2)).Save(path); err != nil {
			t.Fatal(err)
		}
		if err := m.Load(path); err == nil || err.Error() != "nn: load "+path+": "+c.want {
			t.Errorf("%s: got error %v, want %q", c.name, err, c.want)
		}
	}
	whole := filepath.Join(dir, "whole")
	var arrays []checkpoint.Array
	for _, r := range m.Weights().Ranges {
		arrays = append(arrays, checkpoint.Array{Name: r.Name, Shape: r.Shape, Data: make([]int64, r.Hi-r.Lo)})
	}
	for _, name := range []string{"batchnorm1.running_mean", "batchnorm1.running_var"} {
		arrays = append(arrays, checkpoint.Array{Name: name, Shape: []int{3}, Data: make([]float64, 3)})
	}
	if err := checkpoint.Save(whole, arrays, nil); err != nil {
		t.Fatal(err)
	}
	if err := m.Load(whole); err == nil || !strings.Contains(err.Error(), "the file holds dense1.weight in whole numbers, want floating point") {
		t.Errorf("whole numbers: got error %v", err)
	}
	path := filepath.Join(dir, "cut")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		if err := os.WriteFile(path, data[:r.IntN(len(data))], 0o644); err != nil {
			t.Fatal(err)
		}
		if err := m.Load(path); err == nil {
			t.Error("a file cut short: no error")
		}
	}
	if err := m.Load(filepath.Join(dir, "none")); err == nil {
		t.Error("no file: no error")
	}
	if err := m.Save(filepath.Join(dir, "none", "file")); err == nil || !strings.HasPrefix(err.Error(), "nn: save ") {
		t.Errorf("no folder: got error %v", err)
	}
	for i, x := range m.Weights().F32 {
		if x != before.F32[i] {
			t.Fatal("a refused file changed the weights")
		}
	}
}
