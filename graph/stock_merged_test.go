package graph_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/fallline/fallline/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// alikes make pairs of nodes of one graph that differ in one thing.
type alikes struct {
	g                          *gorgonia.ExprGraph
	vector, matrix, cube       *gorgonia.Node
	image, scale, filter, four *gorgonia.Node
	index                      *gorgonia.Node
}

func newAlikes() *alikes {
	g := gorgonia.NewGraph()
	of := func(name string, dt tensor.Dtype, shape ...int) *gorgonia.Node {
		return gorgonia.NewTensor(g, dt, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
	}
	f := tensor.Float64
	return &alikes{g: g, vector: of("v", f, 600), matrix: of("m", f, 4, 4), cube: of("c", f, 4, 4, 4), image: of("i", f, 2, 2, 8, 8),
		scale: of("s", f, 1, 2, 1, 1), filter: of("f", f, 2, 2, 1, 1), four: of("4", f, 2, 4, 8, 8), index: of("n", tensor.Int, 4)}
}

// constants are two tensors of 100 numbers that differ in the middle.
func (a *alikes) constants(middle float64) *gorgonia.Node {
	x := upTo(100)
	x[50] = middle
	return a.g.AddNode(gorgonia.NewConstant(tensor.New(tensor.WithShape(100), tensor.WithBacking(x))))
}

func (a *alikes) conv(dilation int) *gorgonia.Node {
	one := []int{1, 1}
	return gorgonia.Must(gorgonia.Conv2d(a.image, a.filter, tensor.Shape{1, 1}, []int{0, 0}, one, []int{dilation, dilation}))
}

func (a *alikes) batchNorm(epsilon float64) *gorgonia.Node {
	y, _, _, _, err := gorgonia.BatchNorm(a.image, a.scale, a.scale, 0.1, epsilon)
	return gorgonia.Must(y, err)
}

func (a *alikes) pool(kernel, pad []int) *gorgonia.Node {
	return gorgonia.Must(gorgonia.MaxPool2D(a.image, kernel, pad, []int{1, 1}))
}

// mergedPairs are nodes that differ and what the page calls them where Gorgonia makes one of them, or "" where it tells
// them apart.
var mergedPairs = map[string]struct {
	row  string
	a, b func(a *alikes) *gorgonia.Node
}{
	"slices 256 apart": {"Slice", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Slice(a.vector, gorgonia.S(0, 10))) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Slice(a.vector, gorgonia.S(256, 266))) }},
	"slices 255 apart": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Slice(a.vector, gorgonia.S(0, 10))) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Slice(a.vector, gorgonia.S(255, 265))) }},
	"softmax and its logarithm": {"SoftMax", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.SoftMax(a.matrix)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.LogSoftMax(a.matrix)) }},
	"axes of softmax": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.SoftMax(a.cube, 0)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.SoftMax(a.cube, 1)) }},
	"axes of sparsemax": {"Sparsemax", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Sparsemax(a.matrix, 0)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Sparsemax(a.matrix, 1)) }},
	"drop-outs": {"Dropout", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Dropout(a.matrix, 0.25)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Dropout(a.matrix, 0.75)) }},
	"dilations": {"Conv2d", func(a *alikes) *gorgonia.Node { return a.conv(1) }, func(a *alikes) *gorgonia.Node { return a.conv(2) }},
	"constant tensors": {"NewConstant", func(a *alikes) *gorgonia.Node { return a.constants(1) },
		func(a *alikes) *gorgonia.Node { return a.constants(2) }},
	"constants of two types": {"NewConstant", func(a *alikes) *gorgonia.Node { return a.g.AddNode(gorgonia.NewConstant(1.0)) },
		func(a *alikes) *gorgonia.Node { return a.g.AddNode(gorgonia.NewConstant(float32(1))) }},
	"constant numbers": {"", func(a *alikes) *gorgonia.Node { return a.g.AddNode(gorgonia.NewConstant(0.1)) },
		func(a *alikes) *gorgonia.Node { return a.g.AddNode(gorgonia.NewConstant(0.1 + 1e-16)) }},
	"noise of two kinds": {"GaussianRandomNode", func(a *alikes) *gorgonia.Node { return gorgonia.GaussianRandomNode(a.g, tensor.Float64, 0, 1, 3, 3) },
		func(a *alikes) *gorgonia.Node { return gorgonia.UniformRandomNode(a.g, tensor.Float64, 5, 6, 3, 3) }},
	"noise twice": {"GaussianRandomNode", func(a *alikes) *gorgonia.Node { return gorgonia.GaussianRandomNode(a.g, tensor.Float64, 0, 1, 3, 3) },
		func(a *alikes) *gorgonia.Node { return gorgonia.GaussianRandomNode(a.g, tensor.Float64, 0, 1, 3, 3) }},
	"ε of batches": {"BatchNorm", func(a *alikes) *gorgonia.Node { return a.batchNorm(1e-5) },
		func(a *alikes) *gorgonia.Node { return a.batchNorm(1e-2) }},
	"ε of groups": {"GroupNorm", func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.GroupNorm(a.image, a.scale, a.scale, 1, 2, 1e-5))
	}, func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.GroupNorm(a.image, a.scale, a.scale, 1, 2, 1))
	}},
	"elements": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.At(a.vector, 1)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.At(a.vector, 257)) }},
	"axes of sums": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Sum(a.cube, 0, 1)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Sum(a.cube, 1, 2)) }},
	"axes of maxima": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Max(a.matrix, 0)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Max(a.matrix, 1)) }},
	"orders of norms": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Norm(a.matrix, 0, 2)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Norm(a.matrix, 0, 4)) }},
	"transposes": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Transpose(a.cube, 0, 2, 1)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Transpose(a.cube, 2, 1, 0)) }},
	"axes of indices": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.ByIndices(a.matrix, a.index, 0)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.ByIndices(a.matrix, a.index, 1)) }},
	"contractions": {"", func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.Tensordot([]int{0, 1}, []int{0, 1}, a.cube, a.cube))
	}, func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.Tensordot([]int{0, 1}, []int{1, 0}, a.cube, a.cube))
	}},
	"products of stacks": {"", func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.BatchedMatMul(a.cube, a.cube, true, false))
	},
		func(a *alikes) *gorgonia.Node {
			return gorgonia.Must(gorgonia.BatchedMatMul(a.cube, a.cube, false, true))
		}},
	"sizes": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.SizeOf(0, a.image)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.SizeOf(2, a.image)) }},
	"windows": {"", func(a *alikes) *gorgonia.Node { return a.pool([]int{3, 3}, []int{1, 1}) },
		func(a *alikes) *gorgonia.Node { return a.pool([]int{5, 5}, []int{2, 2}) }},
	"groups": {"", func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.GroupNorm(a.four, a.four, a.four, 1, 4, 1e-5))
	}, func(a *alikes) *gorgonia.Node {
		return gorgonia.Must(gorgonia.GroupNorm(a.four, a.four, a.four, 2, 4, 1e-5))
	}},
	"slopes": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.LeakyRelu(a.matrix, 0.1)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.LeakyRelu(a.matrix, 0.2)) }},
	"axes of joints": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Concat(0, a.matrix, a.matrix)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Concat(1, a.matrix, a.matrix)) }},
	"reshapes": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Reshape(a.matrix, tensor.Shape{2, 8})) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Reshape(a.matrix, tensor.Shape{8, 2})) }},
	"comparisons": {"", func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Lt(a.matrix, a.matrix, true)) },
		func(a *alikes) *gorgonia.Node { return gorgonia.Must(gorgonia.Lt(a.matrix, a.matrix, false)) }},
}

// TestStockMerged holds which nodes Gorgonia makes one of though they aren't, and that the page says so of all of them
// and of no others.
func TestStockMerged(t *testing.T) {
	page, err := os.ReadFile("../docs/gorgonia.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)`.* \\|.*merged.* \\|.* \\|$").FindAllStringSubmatch(string(page), -1) {
		told = append(told, m[1])
	}
	found := make(map[string]bool)
	for name, c := range mergedPairs {
		a := newAlikes()
		merged := c.a(a) == c.b(a)
		if merged != (c.row != "") {
			t.Errorf("%s: merged %v", name, merged)
		}
		if c.row == "" {
			continue
		}
		if found[c.row] = true; !slices.Contains(told, c.row) {
			t.Errorf("%s: docs/gorgonia.md has no row for %s that says that they are merged", name, c.row)
		}
	}
	for _, row := range told {
		if !found[row] {
			t.Errorf("docs/gorgonia.md says that %s merges nodes", row)
		}
	}
}

// TestConcatOfParts256 differentiates a joint of arguments whose slices Gorgonia takes for the same.
func TestConcatOfParts256(t *testing.T) {
	for _, n := range []int{1, 128, 256, 512} {
		g := gorgonia.NewGraph()
		x := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(n), tensor.WithBacking(upTo(n))), gorgonia.WithName("x"))
		y := gorgonia.Must(gorgonia.Concat(0, x, gorgonia.Must(gorgonia.Tanh(x)), gorgonia.Must(gorgonia.Square(x))))
		weights := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(3*n), tensor.WithBacking(upTo(3*n))), gorgonia.WithName("weights"))
		cost := gorgonia.Must(gorgonia.Mul(y, weights))
		if err := graph.CheckGradient(cost, gorgonia.Nodes{x}); err != nil {
			t.Errorf("%d elements: %v", n, err)
		}
	}
}
