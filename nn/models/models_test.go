package models_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
	"github.com/fallline/fallline/vector"
)

// zoo is every network with a shape of examples and its number of parameters there.
var zoo = []struct {
	name       string
	net        func(classes int) nn.Layer
	shape      []int
	classes    int
	parameters int
}{
	{"LeNet", models.LeNet, []int{28, 28, 1}, 10, 431080},
	{"LeNet of 16x16", models.LeNet, []int{16, 16, 1}, 4, 20*26 + 50*501 + 500*51 + 4*501},
	{"MLP", func(n int) nn.Layer { return models.MLP(n, 512, 512) }, []int{784}, 10, 669706},
	{"MLP of images", func(n int) nn.Layer { return models.MLP(n, 30) }, []int{4, 3, 2}, 5, 25*30 + 31*5},
	{"MLP without hidden units", func(n int) nn.Layer { return models.MLP(n) }, []int{784}, 10, 7850},
	{"ResNet9", models.ResNet9, []int{32, 32, 3}, 10, 6573130},
	{"ResNet9 of 8x8", models.ResNet9, []int{8, 8, 3}, 100, 6568000 + 513*100},
	{"ResNet20", models.ResNet20, []int{32, 32, 3}, 10, 272474},
	{"ResNet20 of 7x5", models.ResNet20, []int{7, 5, 3}, 3, 271824 + 65*3},
	{"ResNet20 of 1x1", models.ResNet20, []int{1, 1, 3}, 2, 271824 + 65*2},
	{"FastCIFAR", func(n int) nn.Layer { return models.FastCIFAR(n, nil) }, []int{32, 32, 3}, 10, 1971640},
	{"FastCIFAR of 9x9", func(n int) nn.Layer { return models.FastCIFAR(n, nil, 8, 16, 32) }, []int{9, 9, 3}, 7,
		312 + 9*(24*8+8*8+8*16+16*16+16*32+32*32) + 2*(8+16+32) + 32*7},
}

// TestModels checks sizes and shapes, and that a step against the gradient makes the loss of a batch less, by a
// gradient that reaches every weight.
func TestModels(t *testing.T) {
	for _, c := range zoo {
		t.Run(c.name, func(t *testing.T) {
			m, err := nn.Build(c.net(c.classes), c.shape, nn.SoftmaxCrossEntropy, nn.Seed(1))
			if err != nil {
				t.Fatal(err)
			}
			if m.Parameters() != c.parameters {
				t.Errorf("%d parameters, want %d", m.Parameters(), c.parameters)
			}
			if got := m.OutputShape(); !slices.Equal(got, []int{c.classes}) {
				t.Errorf("output of shape %v, want %d", got, c.classes)
			}
			b := randomBatch(m, 4)
			w, g := m.Weights(), m.Weights().Like()
			before, err := m.Gradient(w, g, b)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range g.Ranges {
				norm := 0.0
				for _, v := range vector.Of[float32](g)[g.Ranges[i].Lo:g.Ranges[i].Hi] {
					norm += float64(v) * float64(v)
				}
				if !(norm > 0) || math.IsInf(norm, 0) {
					t.Errorf("gradient by %s has squared norm %v", r.Name, norm)
				}
			}
			w.Axpy(-1e-3/math.Sqrt(g.Dot(g)), g)
			if after, err := m.Gradient(w, nil, b); err != nil || !(after < before) {
				t.Errorf("loss %v, then %v (error %v)", before, after, err)
			}
		})
	}
}

// TestModelsAllocateNothing: a step of a whole network allocates nothing, on all threads.
func TestModelsAllocateNothing(t *testing.T) {
	for _, c := range zoo {
		m, err := nn.Build(c.net(c.classes), c.shape, nn.SoftmaxCrossEntropy)
		if err != nil {
			t.Fatal(err)
		}
		b, g := randomBatch(m, 2), m.Weights().Like()
		b.MoveStats = true
		step := func() {
			if _, err := m.Gradient(m.Weights(), g, b); err != nil {
				t.Fatal(err)
			}
			if _, _, err := m.Evaluate(m.Weights(), b); err != nil {
				t.Fatal(err)
			}
		}
		if n := allocations(step); n > 0 {
			t.Errorf("%s: %d allocations a step", c.name, n)
		}
	}
}

// allocations is how many a call of f makes in the end: the least of many calls, since what the runtime allocates
// meanwhile counts too, and a thread makes its workspace when it first takes part.
func allocations(f func()) uint64 {
	least := uint64(math.MaxUint64)
	for i := 0; i < 20 && least > 0; i++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	return least
}

// randomBatch is noise with labels.
func randomBatch(m *nn.Model, rows int) batch.Batch {
	r := rand.New(rand.NewPCG(2, 3))
	size := rows
	for _, d := range m.InputShape() {
		size *= d
	}
	b := batch.Batch{X: make([]float32, size), Labels: make([]int, rows)}
	for i := range b.X {
		b.X[i] = float32(r.NormFloat64())
	}
	for i := range b.Labels {
		b.Labels[i] = i % m.Classes()
	}
	return b
}

func TestModelsRefuse(t *testing.T) {
	for _, c := range zoo {
		if _, err := nn.Build(c.net(0), c.shape, nn.SoftmaxCrossEntropy); err == nil || !strings.Contains(err.Error(), "0 units, want at least 1") {
			t.Errorf("%s for 0 classes: got error %v", c.name, err)
		}
	}
	for _, c := range []struct {
		name  string
		net   nn.Layer
		shape []int
		want  string
	}{
		{"LeNet", models.LeNet(10), []int{15, 15, 1}, "doesn't fit"},
		{"MLP", models.MLP(10, 5, 0), []int{15}, "0 units, want at least 1"},
		{"ResNet9", models.ResNet9(10), []int{7, 7, 3}, "doesn't fit"},
		{"ResNet20", models.ResNet20(10), []int{27}, "want an image"},
		{"FastCIFAR", models.FastCIFAR(10, nil), []int{8, 8, 3}, "doesn't fit"},
		{"FastCIFAR", models.FastCIFAR(10, nil, 8, 0), []int{9, 9, 3}, "0 filters, want at least 1"},
		{"FastCIFAR", models.FastCIFAR(10, make([]float32, 100)), []int{9, 9, 3}, "100 numbers of images, want a multiple of 243"},
	} {
		if _, err := nn.Build(c.net, c.shape, nn.SoftmaxCrossEntropy); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q", c.name, err, c.want)
		}
	}
}
