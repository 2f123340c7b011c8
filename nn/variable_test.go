package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
)

// TestTune holds that the probability of dropout follows Tune, of all layers or of one, and that a network tuned to p
// is one built with p.
func TestTune(t *testing.T) {
	build := func(p, q float64) *nn.Model {
		net := nn.Sequential(nn.Dropout(p), nn.Dense(8), nn.Named("last", nn.Dropout(q)), nn.Dropout(0), nn.Dense(2))
		m, err := nn.Build(net, []int{6}, nn.SoftmaxCrossEntropy, nn.Seed(3), nn.Float64())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	batch := batch.Batch{X: make([]float32, 60), Labels: make([]int, 10), Draw: 4}
	for i := range batch.X {
		batch.X[i] = float32(math.Sin(float64(i)))
	}
	tables := func(m *nn.Model) map[string]float64 {
		all := map[string]float64{}
		m.Tunables(func(name string, x float64) { all[name] = x })
		return all
	}
	m := build(0.5, 0.2)
	if got := tables(m); len(got) != 2 || got["dropout1"] != 0.5 || got["last"] != 0.2 {
		t.Fatalf("tunables %v", got)
	}
	for _, c := range []struct {
		name string
		x    float64
		p, q float64
	}{
		{"dropout", 0.3, 0.3, 0.3}, {"last", 0.6, 0.3, 0.6}, {"dropout1", 0.1, 0.1, 0.6}, {"dropout", 0.5, 0.5, 0.5},
	} {
		if err := m.Tune(c.name, c.x); err != nil {
			t.Fatal(err)
		}
		if got, want := loss(t, m, batch), loss(t, build(c.p, c.q), batch); got != want {
			t.Errorf("%s tuned to %v: loss %v, want %v", c.name, c.x, got, want)
		}
	}
	if err := m.Tune("dropout", 0); err != nil {
		t.Fatal(err)
	}
	if got, want := loss(t, m, batch), loss(t, build(0, 0), batch); math.Abs(got-want) > 1e-15 {
		t.Errorf("tuned to nothing: loss %v, want %v", got, want)
	}
	for name, want := range map[string]string{
		"dropout": "nn: tune dropout1: probability 1.5 outside [0, 1)",
		"dense1":  `nn: tune: no layer and no kind of layers with a number to set is called "dense1"`,
	} {
		if err := m.Tune(name, 1.5); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got := tables(m); got["dropout1"] != 0 || got["last"] != 0 {
		t.Errorf("an illegal value has left %v", got)
	}
}
