package nn_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/vector"
)

// TestAnyBatchSize checks that an example's output doesn't depend on the batch around it, across the border of a run's
// size too.
func TestAnyBatchSize(t *testing.T) {
	m := buildEverything(t)
	descend(t, m, 3)
	b := randomBatch(m, 300, 9)
	whole := outputs(t, m, b.X)
	for _, rows := range []int{1, 2, 3, 64, 255, 256, 257} {
		part := outputs(t, m, b.X[:rows*72])
		for i, y := range part {
			if d := float64(y - whole[i]); !(d < 1e-5 && d > -1e-5) {
				t.Fatalf("batch of %d: output %d is %v, in a batch of 300 %v", rows, i, y, whole[i])
			}
		}
	}
	if y := outputs(t, m, nil); len(y) != 0 {
		t.Errorf("outputs of no examples: %v", y)
	}
}

// TestConcurrentCalls runs a model from several goroutines; the race detector and the values judge.
func TestConcurrentCalls(t *testing.T) {
	m := buildEverything(t)
	b := randomBatch(m, 10, 8)
	want := outputs(t, m, b.X)
	g := m.Weights().Like()
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 10 {
				if i == 0 {
					if _, err := m.Gradient(m.Weights(), g, b); err != nil {
						t.Error(err)
					}
					continue
				}
				if got, err := m.Outputs(b.X[:72*i]); err != nil || len(got) != 3*i {
					t.Errorf("%d outputs, error %v", len(got), err)
				}
				if _, _, err := m.Evaluate(m.Weights(), b); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := outputs(t, m, b.X); !slices.Equal(got, want) {
		t.Errorf("outputs %v, want %v", got, want)
	}
}

// TestNoAllocation checks that steps over a ring of batches, the last of them short, allocate nothing once each was
// seen.
func TestNoAllocation(t *testing.T) {
	for _, option := range []nn.Option{nn.Seed(2), nn.Float64()} {
		m := buildEverything(t, option)
		g := m.Weights().Like()
		var ring []batch.Batch
		for i := range 4 {
			b := randomBatch(m, 16-5*(i/3), uint64(i))
			b.Index = make([]int32, len(b.Labels))
			b.MoveStats = true
			ring = append(ring, b)
		}
		i := 0
		step := func() {
			b := ring[i%len(ring)]
			i++
			if _, err := m.Gradient(m.Weights(), g, b); err != nil {
				t.Fatal(err)
			}
			if _, _, err := m.Evaluate(m.Weights(), b); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 * len(ring) {
			step()
		}
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%v allocations a step in %v", n, m.Weights().Type())
		}
	}
}

func TestRunsRefuse(t *testing.T) {
	classes, err := nn.Build(nn.Dense(3), []int{2}, nn.SoftmaxCrossEntropy)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := nn.Build(nn.Dense(3), []int{2}, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	other, err := vector.New(vector.Float32, vector.Param{Name: "w", Shape: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	x := []float32{1, 2, 3, 4}
	for _, c := range []struct {
		name string
		m    *nn.Model
		w, g *vector.Vector
		b    batch.Batch
		want string
	}{
		{"no examples", classes, nil, nil, batch.Batch{}, "0 numbers, want a multiple of 2 for examples of shape 2"},
		{"half an example", classes, nil, nil, batch.Batch{X: x[:3], Labels: []int{0}}, "3 numbers, want a multiple of 2 for examples of shape 2"},
		{"too few labels", classes, nil, nil, batch.Batch{X: x, Labels: []int{0}}, "1 labels and 0 numbers of targets for 2 examples, want 2 labels and no targets"},
		{"targets for labels", classes, nil, nil, batch.Batch{X: x, Targets: x}, "0 labels and 4 numbers of targets for 2 examples, want 2 labels and no targets"},
		{"label too great", classes, nil, nil, batch.Batch{X: x, Labels: []int{0, 3}}, "label 3 of example 1 outside [0, 3)"},
		{"negative label", classes, nil, nil, batch.Batch{X: x, Labels: []int{-1, 0}}, "label -1 of example 0 outside [0, 3)"},
		{"labels for targets", numbers, nil, nil, batch.Batch{X: x, Labels: []int{0, 0}}, "2 labels and 0 numbers of targets for 2 examples, want no labels and 6 numbers: a target of shape 3 for each"},
		{"too few targets", numbers, nil, nil, batch.Batch{X: x, Targets: x}, "0 labels and 4 numbers of targets for 2 examples, want no labels and 6 numbers: a target of shape 3 for each"},
		{"too few indices", classes, nil, nil, batch.Batch{X: x, Labels: []int{0, 0}, Index: []int32{1}}, "1 indices for 2 examples"},
		{"weights of another model", classes, other, nil, batch.Batch{X: x, Labels: []int{0, 0}}, "vector: "},
		{"gradient of another model", classes, nil, other, batch.Batch{X: x, Labels: []int{0, 0}}, "vector: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.w
			if w == nil {
				w = c.m.Weights()
			}
			if _, err := c.m.Gradient(w, c.g, c.b); err == nil || !strings.HasPrefix(err.Error(), "nn: gradient: "+c.want) {
				t.Errorf("Gradient: got error %v, want %q", err, c.want)
			}
			if c.g != nil {
				return
			}
			if _, _, err := c.m.Evaluate(w, c.b); err == nil || !strings.HasPrefix(err.Error(), "nn: evaluate: "+c.want) {
				t.Errorf("Evaluate: got error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := classes.Gradient(nil, nil, batch.Batch{X: x, Labels: []int{0, 0}}); err == nil {
		t.Error("Gradient at nil weights: no error")
	}
	if _, err := classes.Predict(x[:3]); err == nil || err.Error() != "nn: predict: 3 numbers, want a multiple of 2 for examples of shape 2" {
		t.Errorf("Predict of half an example: got error %v", err)
	}
	if _, err := numbers.Predict(x); err == nil || err.Error() != "nn: predict: the model has no classes, use Outputs" {
		t.Errorf("Predict without classes: got error %v", err)
	}
	norm, err := nn.Build(nn.BatchNorm(), []int{2}, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := norm.Gradient(norm.Weights(), nil, batch.Batch{X: x[:2], Targets: x[:2]}); err == nil || !strings.Contains(err.Error(), "one value a channel") {
		t.Errorf("batch norm of one example: got error %v", err)
	}
}
