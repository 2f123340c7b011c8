package nn_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
)

// reversed is a view that reverses each example.
func reversed(y, x []float32, shape []int) error {
	n := 1
	for _, d := range shape {
		n *= d
	}
	copy(y, x)
	for at := 0; at < len(y); at += n {
		slices.Reverse(y[at : at+n])
	}
	return nil
}

// TestAveraged compares the mean over views with runs of the model on examples that were moved by hand.
func TestAveraged(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		var options []nn.Option
		if dt == tensor.Float64 {
			options = append(options, nn.Float64())
		}
		m := buildEverything(t, options...)
		descend(t, m, 3)
		a, err := nn.Averaged(m, nn.View{Weight: 3}, nn.View{Move: reversed, Weight: 1})
		if err != nil {
			t.Fatal(err)
		}
		b := randomBatch(m, 300, 5) // more than a run takes
		x := slices.Clone(b.X)
		y := make([]float32, len(x))
		if err := reversed(y, x, m.InputShape()); err != nil {
			t.Fatal(err)
		}
		first, second := outputsOf(t, m, x), outputsOf(t, m, y)
		got := outputsOf(t, a, x)
		if !slices.Equal(b.X, x) {
			t.Error("the examples have changed")
		}
		right := 0
		classes, err := a.Predict(x)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if want := 0.75*float64(first[i]) + 0.25*float64(second[i]); math.Abs(float64(got[i])-want) > 1e-6 {
				t.Fatalf("%v: output %d is %v, want %v", dt, i, got[i], want)
			}
		}
		for i, c := range classes {
			if row := got[i*3 : i*3+3]; row[c] != slices.Max(row) {
				t.Errorf("class %d of outputs %v", c, row)
			}
			if c == b.Labels[i] {
				right++
			}
		}
		loss, correct, err := a.Evaluate(m.Weights(), b)
		if err != nil || correct != right {
			t.Errorf("%d correct, want %d, error %v", correct, right, err)
		}
		one, _, _ := m.Evaluate(m.Weights(), b)
		other, _, _ := m.Evaluate(m.Weights(), batch.Batch{X: y, Labels: b.Labels})
		if want := 0.75*one + 0.25*other; math.Abs(loss-want) > 1e-6 || one == other {
			t.Errorf("%v: loss %v, want %v", dt, loss, want)
		}
	}
}

func outputsOf(t *testing.T, m interface {
	Outputs([]float32) ([]float32, error)
}, x []float32) []float32 {
	t.Helper()
	z, err := m.Outputs(x)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestAveragedAllocatesNothing(t *testing.T) {
	m := buildEverything(t)
	a, err := nn.Averaged(m, nn.View{Weight: 1}, nn.View{Move: reversed, Weight: 1})
	if err != nil {
		t.Fatal(err)
	}
	b := randomBatch(m, 9, 1)
	evaluate := func() {
		if _, _, err := a.Evaluate(m.Weights(), b); err != nil {
			t.Fatal(err)
		}
	}
	evaluate()
	if n := testing.AllocsPerRun(10, evaluate); n != 0 {
		t.Errorf("%v allocations an evaluation, want 0", n)
	}
}

func TestBadAveraged(t *testing.T) {
	m := buildEverything(t)
	for _, c := range []struct {
		m     *nn.Model
		views []nn.View
		want  string
	}{
		{nil, []nn.View{{Weight: 1}}, "nn: averaged: no model: it is nil"},
		{m, nil, "nn: averaged: no views, want at least 1"},
		{m, []nn.View{{Weight: 1}, {}}, "nn: averaged: view 1 has weight 0, want above 0"},
		{m, []nn.View{{Weight: math.NaN()}}, "nn: averaged: view 0 has weight NaN, want above 0"},
		{m, []nn.View{{Weight: math.Inf(1)}}, "nn: averaged: view 0 has weight +Inf, want above 0"},
	} {
		if _, err := nn.Averaged(c.m, c.views...); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	a, err := nn.Averaged(m, nn.View{Weight: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Evaluate(m.Weights(), batch.Batch{X: make([]float32, 5)}); err == nil {
		t.Error("no error for 5 numbers")
	}
	if _, err := a.Outputs(make([]float32, 5)); err == nil {
		t.Error("no error for 5 numbers")
	}
	broken, err := nn.Averaged(m, nn.View{Weight: 1}, nn.View{Weight: 1, Move: func([]float32, []float32, []int) error { return errors.New("blind") }})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := broken.Evaluate(m.Weights(), randomBatch(m, 2, 1)); err == nil || err.Error() != "nn: evaluate: view 1: blind" {
		t.Errorf("%v, want the view's error", err)
	}
	if _, _, err := a.Evaluate(nil, randomBatch(m, 2, 1)); err == nil {
		t.Error("no error without weights")
	}
}

// A guess about an image is the mean of those about it and its mirror image. This model tells an image's left pixel.
func ExampleAveraged() {
	left := nn.Init(func(_ *rand.Rand, _ []int, w []float64) { w[0] = 1 })
	model := mustBuild(nn.Sequential(nn.Flatten(), nn.Dense(1, left)), nn.MeanSquaredError, 1, 2, 1)
	mirrored := func(y, x []float32, shape []int) error {
		copy(y, x)
		return datasets.Flip(y, shape)
	}
	averaged, err := nn.Averaged(model, nn.View{Weight: 1}, nn.View{Move: mirrored, Weight: 1})
	if err != nil {
		log.Fatal(err)
	}
	images := []float32{2, 10, 5, 7}
	fmt.Println(model.Outputs(images))
	fmt.Println(averaged.Outputs(images))
	// Output:
	// [2 5] <nil>
	// [6 6] <nil>
}
