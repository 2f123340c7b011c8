package nn_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/vector"
)

var notFinite = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}

// predictor is what a Model and an AveragedModel can do.
type predictor interface {
	Weights() *vector.Vector
	Predict(x []float32) ([]int, error)
	Outputs(x []float32) ([]float32, error)
	Evaluate(w *vector.Vector, b batch.Batch) (loss float64, correct int, err error)
}

// predictors are models of both types of number, seen from one side and from several.
func predictors(t *testing.T) map[string]predictor {
	t.Helper()
	all := map[string]predictor{}
	for name, options := range map[string][]nn.Option{"float32": nil, "float64": {nn.Float64()}} {
		m, err := nn.Build(nn.Sequential(nn.Dense(5), nn.ReLU(), nn.Dense(3)), []int{4}, nn.SoftmaxCrossEntropy, options...)
		if err != nil {
			t.Fatal(err)
		}
		a, err := nn.Averaged(m, nn.View{Weight: 1}, nn.View{Move: reversed, Weight: 1})
		if err != nil {
			t.Fatal(err)
		}
		all[name], all["averaged "+name] = m, a
	}
	return all
}

// TestPredictionsThatAreNotFinite holds that no class is told of numbers that aren't finite, in examples or weights,
// and none is counted right; errors name the example and the place.
func TestPredictionsThatAreNotFinite(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	fails := func(name string, p predictor, x []float32, want string) {
		t.Helper()
		if classes, err := p.Predict(x); err == nil || !strings.Contains(err.Error(), want) || classes != nil {
			t.Errorf("%s: Predict: %v, error %v, want %q in it", name, classes, err, want)
		}
		if y, err := p.Outputs(x); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: Outputs: %v, error %v, want %q in it", name, y, err, want)
		}
		for label := range 3 {
			_, right, err := p.Evaluate(p.Weights(), batch.Batch{X: x, Labels: []int{label, label}})
			if err == nil || !strings.Contains(err.Error(), want) || right != 0 {
				t.Errorf("%s: Evaluate: %d right, error %v, want %q in it", name, right, err, want)
			}
		}
	}
	for name, p := range predictors(t) {
		for _, bad := range notFinite {
			x[6] = float32(bad)
			fails(name, p, x, "number 2 of example 1 is")
			x[6] = 7
			w := p.Weights()
			last, _ := w.Find("dense2.bias")
			before := w.At(last.Lo + 1)
			w.Set(last.Lo+1, bad)
			// −Inf is no greatest logit, and its share in the loss is 0: the outputs tell of it
			if !math.IsInf(bad, -1) {
				fails(name, p, x, "example 0 gives")
			} else if _, err := p.Predict(x); err == nil || !strings.Contains(err.Error(), "for class 1") {
				t.Errorf("%s: Predict by a logit of −Inf: error %v", name, err)
			}
			w.Set(last.Lo+1, before)
		}
		if classes, err := p.Predict(x); err != nil || len(classes) != 2 {
			t.Errorf("%s: with finite numbers %v, error %v", name, classes, err)
		}
	}
}

// TestOutputsBeyondFloat32 holds that outputs of a float64 model which are too large for float32 aren't told apart
// wrongly.
func TestOutputsBeyondFloat32(t *testing.T) {
	m, err := nn.Build(nn.Dense(3), []int{4}, nn.SoftmaxCrossEntropy, nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	bias, _ := m.Weights().Find("dense1.bias")
	copy(m.Weights().F64[bias.Lo:bias.Hi], []float64{1e300, 2e300, 0})
	if classes, err := m.Predict([]float32{0, 0, 0, 0}); err == nil {
		t.Errorf("class %v of outputs that float32 can't tell apart, and no error", classes)
	}
}

// TestTargetsThatAreNotFinite holds that a loss that isn't finite is an error.
func TestTargetsThatAreNotFinite(t *testing.T) {
	m, err := nn.Build(nn.Dense(1), []int{2}, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range notFinite {
		loss, _, err := m.Evaluate(m.Weights(), batch.Batch{X: []float32{1, 2}, Targets: []float32{float32(bad)}})
		if err == nil || !strings.Contains(err.Error(), "the loss is") || loss-loss == 0 {
			t.Errorf("target %v: loss %v, error %v", bad, loss, err)
		}
	}
}

// TestFilesThatAreNotFinite holds, for every array of a model, frozen weights and running statistics among them, that
// numbers which aren't finite are neither saved nor loaded, that the error names them, and that the file and the model
// stay.
func TestFilesThatAreNotFinite(t *testing.T) {
	good, bad := filepath.Join(t.TempDir(), "good.safetensors"), filepath.Join(t.TempDir(), "bad.safetensors")
	for name, options := range map[string][]nn.Option{"float32": nil, "float64": {nn.Float64()}} {
		m, err := nn.Build(nn.Sequential(nn.Freeze(nn.Dense(3)), nn.BatchNorm(), nn.Dense(2)), []int{4}, nn.SoftmaxCrossEntropy, options...)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Save(good); err != nil {
			t.Fatal(err)
		}
		bytes, err := os.ReadFile(good)
		if err != nil {
			t.Fatal(err)
		}
		file, err := checkpoint.Load(good)
		if err != nil {
			t.Fatal(err)
		}
		if len(file.Arrays) < 8 {
			t.Fatalf("%d arrays", len(file.Arrays))
		}
		for _, a := range file.Arrays {
			for _, x := range notFinite {
				loaded, before := put(a, 1, x)
				if err := checkpoint.Save(bad, file.Arrays, nil); err != nil {
					t.Fatal(err)
				}
				if err := m.Load(bad); err == nil || !strings.Contains(err.Error(), a.Name) || !strings.Contains(err.Error(), "element 1 is") {
					t.Errorf("%s: %s of %v loaded: error %v", name, a.Name, x, err)
				}
				put(loaded, 1, before)
				mine, before := put(arrayOf(m, a.Name), 1, x)
				if err := m.Save(good); err == nil || !strings.Contains(err.Error(), a.Name) || !strings.Contains(err.Error(), "element 1 is") {
					t.Errorf("%s: %s of %v saved: error %v", name, a.Name, x, err)
				}
				put(mine, 1, before)
				if now, err := os.ReadFile(good); err != nil || !slices.Equal(now, bytes) {
					t.Fatalf("%s: %s of %v: the file has changed (error %v)", name, a.Name, x, err)
				}
			}
		}
		if err := m.Save(bad); err != nil {
			t.Fatal(err)
		}
		if now, err := os.ReadFile(bad); err != nil || !slices.Equal(now, bytes) {
			t.Errorf("%s: the model has changed (error %v)", name, err)
		}
	}
}

// TestLoadBeyondFloat32 holds that a file whose numbers are too large for the model's type is an error.
func TestLoadBeyondFloat32(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wide.safetensors")
	wide, err := nn.Build(nn.Dense(2), []int{4}, nn.SoftmaxCrossEntropy, nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	wide.Weights().Set(3, -1e39)
	if err := wide.Save(path); err != nil {
		t.Fatal(err)
	}
	narrow, err := nn.Build(nn.Dense(2), []int{4}, nn.SoftmaxCrossEntropy)
	if err != nil {
		t.Fatal(err)
	}
	before := narrow.Weights().Clone()
	if err := narrow.Load(path); err == nil || !strings.Contains(err.Error(), `"dense1.weight": element 3 is -1e+39`) {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(narrow.Weights().F32, before.F32) {
		t.Error("the weights have changed")
	}
}

// put sets an element of an array and returns what it was.
func put(a checkpoint.Array, i int, x float64) (same checkpoint.Array, before float64) {
	switch d := a.Data.(type) {
	case []float32:
		before, d[i] = float64(d[i]), float32(x)
	case []float64:
		before, d[i] = d[i], x
	}
	return a, before
}

// arrayOf is a model's own array of a name.
func arrayOf(m *nn.Model, name string) (found checkpoint.Array) {
	for _, r := range m.Weights().Ranges {
		if r.Name == name {
			return checkpoint.Array{Name: name, Data: m.Weights().Array(r)}
		}
	}
	m.Visit(func(visited string, array any) {
		if visited == name {
			found = checkpoint.Array{Name: name, Data: array}
		}
	})
	return found
}
