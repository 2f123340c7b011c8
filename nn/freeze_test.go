package nn_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/vector"
)

func imageNet(wrap func(nn.Layer) nn.Layer) nn.Layer {
	return nn.Sequential(
		nn.Conv2D(3, 2),
		wrap(nn.Sequential(nn.Conv2D(4, 2), nn.BatchNorm(), nn.GELU())),
		wrap(nn.Named("middle", nn.Conv2D(2, 1))),
		nn.Flatten(), nn.Dense(3),
	)
}

func names(v *vector.Vector) []string {
	var n []string
	for _, r := range v.Ranges {
		n = append(n, r.Name)
	}
	return n
}

func build(t *testing.T, net nn.Layer, shape []int, options ...nn.Option) *nn.Model {
	t.Helper()
	m, err := nn.Build(net, shape, nn.SoftmaxCrossEntropy, append([]nn.Option{nn.Seed(3)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFreeze compares a network with frozen layers and the same network without.
func TestFreeze(t *testing.T) {
	shape := []int{5, 4, 2}
	free := build(t, imageNet(func(l nn.Layer) nn.Layer { return l }), shape)
	ice := build(t, imageNet(nn.Freeze), shape)
	if free.Frozen() != nil {
		t.Error("frozen weights in a model without")
	}
	learning := []string{"conv2d1.weight", "conv2d1.bias", "dense1.weight", "dense1.bias"}
	still := []string{"sequential1.conv2d1.weight", "sequential1.conv2d1.bias", "sequential1.batchnorm1.scale", "sequential1.batchnorm1.shift",
		"middle.weight", "middle.bias"}
	if got := names(ice.Weights()); !slices.Equal(got, learning) {
		t.Errorf("weights that learn: %v, want %v", got, learning)
	}
	if got := names(ice.Frozen()); !slices.Equal(got, still) {
		t.Errorf("frozen weights: %v, want %v", got, still)
	}
	if ice.Parameters() != free.Parameters() {
		t.Errorf("%d parameters with frozen layers, %d without", ice.Parameters(), free.Parameters())
	}
	compareRanges(t, ice, free)
	for _, rows := range []int{5, 3} {
		b := randomBatch(free, rows, uint64(rows))
		b.MoveStats = true
		for range 3 {
			step(t, ice, b)
		}
		compareRanges(t, ice, build(t, imageNet(nn.Freeze), shape), still...)
		copyRanges(t, free, ice)
		g, h := free.Weights().Like(), ice.Weights().Like()
		b.MoveStats = false
		a, err := free.Gradient(free.Weights(), g, b)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ice.Gradient(ice.Weights(), h, b)
		if err != nil {
			t.Fatal(err)
		}
		if a != c {
			t.Errorf("%d rows: loss %v with frozen layers, %v without", rows, c, a)
		}
		for _, r := range h.Ranges {
			q, _ := g.Find(r.Name)
			if !slices.Equal(h.F32[r.Lo:r.Hi], g.F32[q.Lo:q.Hi]) {
				t.Errorf("%d rows: the gradient by %s differs", rows, r.Name)
			}
		}
	}
}

// step takes a step against the gradient.
func step(t *testing.T, m *nn.Model, b batch.Batch) {
	t.Helper()
	g := m.Weights().Like()
	if _, err := m.Gradient(m.Weights(), g, b); err != nil {
		t.Fatal(err)
	}
	m.Weights().Axpy(-0.1, g)
}

// find is the numbers of a weight, frozen or not.
func find(t *testing.T, m *nn.Model, name string) []float32 {
	t.Helper()
	for _, v := range []*vector.Vector{m.Weights(), m.Frozen()} {
		if v == nil {
			continue
		}
		if r, ok := v.Find(name); ok {
			return v.F32[r.Lo:r.Hi]
		}
	}
	t.Fatalf("no weight %s", name)
	return nil
}

// compareRanges holds that two models have the same weights: those named, or else all.
func compareRanges(t *testing.T, a, b *nn.Model, of ...string) {
	t.Helper()
	if of == nil {
		of = append(names(a.Weights()), names(a.Frozen())...)
	}
	for _, name := range of {
		if !slices.Equal(find(t, a, name), find(t, b, name)) {
			t.Errorf("the numbers of %s differ", name)
		}
	}
}

func copyRanges(t *testing.T, to, from *nn.Model) {
	t.Helper()
	for _, name := range names(to.Weights()) {
		copy(find(t, to, name), find(t, from, name))
	}
}

// TestFreezeFiles: a model's file fits the same network with other layers frozen, and holds what its batch norms know.
func TestFreezeFiles(t *testing.T) {
	shape, file := []int{5, 4, 2}, filepath.Join(t.TempDir(), "model")
	free := build(t, imageNet(func(l nn.Layer) nn.Layer { return l }), shape, nn.Seed(8))
	b := randomBatch(free, 6, 1)
	b.MoveStats = true
	step(t, free, b)
	if err := free.Save(file); err != nil {
		t.Fatal(err)
	}
	ice := build(t, imageNet(nn.Freeze), shape)
	if err := ice.Load(file); err != nil {
		t.Fatal(err)
	}
	compareRanges(t, ice, free)
	want, err := free.Outputs(b.X)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ice.Outputs(b.X); err != nil || !slices.Equal(got, want) {
		t.Errorf("outputs %v (error %v), want %v", got, err, want)
	}
	if err := ice.Save(file); err != nil {
		t.Fatal(err)
	}
	again := build(t, imageNet(func(l nn.Layer) nn.Layer { return l }), shape)
	if err := again.Load(file); err != nil {
		t.Fatal(err)
	}
	compareRanges(t, again, free, names(free.Weights())...)
	seen := map[string]int{}
	ice.Visit(func(name string, array any) {
		if a, ok := array.([]float32); ok {
			seen[name] = len(a)
		}
	})
	for _, r := range ice.Frozen().Ranges {
		if seen[r.Name] != r.Hi-r.Lo {
			t.Errorf("Visit shows %d numbers of %s, want %d", seen[r.Name], r.Name, r.Hi-r.Lo)
		}
	}
}

// TestFreezeTypes: frozen weights have the model's type of number, and runs at several sizes allocate nothing.
func TestFreezeTypes(t *testing.T) {
	m := build(t, imageNet(nn.Freeze), []int{5, 4, 2}, nn.Float64())
	if m.Frozen().Type() != vector.Float64 {
		t.Errorf("frozen weights of type %v", m.Frozen().Type())
	}
	m = build(t, imageNet(nn.Freeze), []int{5, 4, 2})
	a, b, g := randomBatch(m, 6, 1), randomBatch(m, 4, 1), m.Weights().Like()
	allocs := testing.AllocsPerRun(20, func() {
		for _, b := range []batch.Batch{a, b} {
			if _, err := m.Gradient(m.Weights(), g, b); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations in two steps", allocs)
	}
}
