package nn_test

import (
	"strings"
	"testing"

	"github.com/fallline/fallline/nn"
)

// TestMemory holds that the memory of a batch grows with it, in equal steps but for the first, and that float64 takes twice as much.
func TestMemory(t *testing.T) {
	of := func(batch int, options ...nn.Option) int64 {
		n, err := buildEverything(t, options...).Memory(batch)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	a, b, c := of(64), of(128), of(192)
	if !(0 < a && a < b) || c-b != b-a {
		t.Errorf("%d, %d and %d bytes for 64, 128 and 192 examples", a, b, c)
	}
	if wide := of(128, nn.Float64()); wide < 2*b-b/8 || wide > 2*b+b/8 {
		t.Errorf("%d bytes in float64, %d in float32", wide, b)
	}
	if _, err := buildEverything(t).Memory(0); err == nil || !strings.HasPrefix(err.Error(), "nn: memory: graph: memory for 0 examples") {
		t.Errorf("%v", err)
	}
}

// TestMemoryOfFrozen wants frozen weights, and the ones that stand for a scale, not to grow with the batch.
func TestMemoryOfFrozen(t *testing.T) {
	net := nn.Sequential(nn.Freeze(nn.Conv2D(4, 2)), nn.BatchNorm(nn.NoScale()), nn.ReLU(), nn.Flatten(), nn.Dense(3))
	m, err := nn.Build(net, []int{6, 6, 2}, nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := m.Memory(100); err != nil || n < 100*5*5*4*4 {
		t.Errorf("%d bytes for 100 examples, %v", n, err)
	}
}
