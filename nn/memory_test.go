package nn_test

import (
	"strings"
	"testing"

	"github.com/fallline/fallline/nn"
)

// TestMemory holds that the memory of a batch grows with it, in equal steps but for the first, and that float64 takes
// twice as much, and that of the examples converted to it.
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
	examples := int64(128 * 8)
	for _, n := range buildEverything(t).InputShape() {
		examples *= int64(n)
	}
	if wide := of(128, nn.Float64()) - examples; wide < 2*b-b/8 || wide > 2*b+b/8 {
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

// TestMemoryOfFirstLayer: a step computes no gradient by its input, which would be the largest of these networks'
// arrays by far. It does where something that learns stands in front.
func TestMemoryOfFirstLayer(t *testing.T) {
	const side, channels, batch = 16, 64, 100
	of := func(layers ...nn.Layer) int64 {
		m, err := nn.Build(nn.Sequential(append(layers, nn.Flatten(), nn.Dense(3))...), []int{side, side, channels}, nn.SoftmaxCrossEntropy)
		if err != nil {
			t.Fatal(err)
		}
		n, err := m.Memory(batch)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const input = batch * side * side * channels * 4
	for name, first := range map[string]nn.Layer{
		"conv2d":                nn.Conv2D(1, 3),
		"conv2d relu":           nn.Sequential(nn.Conv2D(1, 3), nn.ReLU()),
		"conv2d relu maxpool2d": nn.Sequential(nn.Conv2D(1, 3), nn.ReLU(), nn.MaxPool2D(2)),
		"conv2d maxpool2d":      nn.Sequential(nn.Conv2D(1, 3), nn.MaxPool2D(2)),
		"conv2d batchnorm relu": nn.Sequential(nn.Conv2D(1, 3, nn.NoBias()), nn.BatchNorm(), nn.ReLU()),
		"conv2d strided":        nn.Conv2D(4, 3, nn.Stride(2)),
		"conv2d frozen":         nn.Sequential(nn.Freeze(nn.Conv2D(1, 3)), nn.Conv2D(1, 3)),
		"dense":                 nn.Sequential(nn.Flatten(), nn.Dense(8), nn.ReLU()),
		"pool":                  nn.GlobalMaxPool2D(),
		"branches":              nn.Concat(nn.Conv2D(1, 3, nn.Same()), nn.Conv2D(1, 1)),
	} {
		if n := of(first); n > input/4 {
			t.Errorf("%s: %d bytes, of which the gradient by the input would be %d", name, n, input)
		}
		if n := of(nn.BatchNorm(), first); n < input {
			t.Errorf("%s behind batchnorm: %d bytes, with the gradient by its input at least %d", name, n, input)
		}
	}
}
