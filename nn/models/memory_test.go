package models_test

import (
	"runtime"
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/nn"
)

// TestMemory holds that Model.Memory is within 2 % of what the first step on a batch allocates, but for a program's
// tables of nodes, which take some hundred bytes a node. Another model of the network ran before, so that the working
// memory of the kernels, which all programs share, is there.
func TestMemory(t *testing.T) {
	const batch, tables = 24, 192 << 10
	if err := threads.Set(1); err != nil { // so that every run takes the same working memory
		t.Fatal(err)
	}
	t.Cleanup(func() { threads.Set(0) })
	for _, c := range zoo {
		for name, options := range map[string][]nn.Option{"float32": nil, "float64": {nn.Float64()}} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				firstStep(t, c.net(c.classes), c.shape, batch, options)
				allocated, want := firstStep(t, c.net(c.classes), c.shape, batch, options)
				if low, high := want-want/50, want+want/50+tables; allocated < low || allocated > high {
					t.Errorf("a batch of %d takes %d bytes, Memory says %d: %+.1f %%", batch, allocated, want, 100*float64(allocated-want)/float64(want))
				}
			})
		}
	}
}

// firstStep is what the first step of a new model allocates, and what its Memory says.
func firstStep(t *testing.T, net nn.Layer, shape []int, batch int, options []nn.Option) (allocated, want int64) {
	t.Helper()
	m, err := nn.Build(net, shape, nn.SoftmaxCrossEntropy, options...)
	if err != nil {
		t.Fatal(err)
	}
	b, g := randomBatch(m, batch), m.Weights().Like()
	before := heap()
	if _, err := m.Gradient(m.Weights(), g, b); err != nil {
		t.Fatal(err)
	}
	allocated = heap() - before
	if want, err = m.Memory(batch); err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(m)
	runtime.KeepAlive(g)
	runtime.KeepAlive(b)
	return allocated, want
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
