package op

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// golden is testdata/torch.json, which testdata/gen.py writes with PyTorch.
type golden struct {
	Cases  []goldenCase
	Models []goldenModel
}

type goldenCase struct {
	Name, Op string
	Shapes   [][]int
	Scale    float64
	Config   goldenConfig
	Y        []float64
	Grads    [][]float64
	Mean     []float64 // running statistics after the case
	Var      []float64
}

type goldenConfig struct {
	KH, KW, StrideH, StrideW, PadH, PadW int
	Labels                               []int
	Training                             bool
	Factor                               float64
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	file, err := os.ReadFile("testdata/torch.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(file, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// fill is gen.py's source of numbers: n multiples of 2^-23 in [-1, 1).
func fill(seed, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		h := uint32(i)*2654435761 + uint32(uint64(seed)*2246822519)
		h ^= h >> 15
		h *= 2246822507
		h ^= h >> 13
		h *= 3266489909
		h ^= h >> 16
		x[i] = float64(h>>8)/(1<<23) - 1
	}
	return x
}

// filled is a tensor of type dt of scale·fill + shift.
func filled(dt tensor.Dtype, seed int, scale, shift float64, shape ...int) *tensor.Dense {
	d := tensor.New(tensor.Of(dt), tensor.WithShape(slices.Clone(shape)...))
	for i, v := range fill(seed, d.Shape().TotalSize()) {
		if v = scale*v + shift; dt == tensor.Float32 {
			d.Float32s()[i] = float32(v)
		} else {
			d.Float64s()[i] = v
		}
	}
	return d
}

func (c goldenCase) apply(in gorgonia.Nodes, s *BatchNormState) (*gorgonia.Node, error) {
	f := c.Config
	pool := Pool2DConfig{f.KH, f.KW, f.StrideH, f.StrideW, f.PadH, f.PadW}
	labels := func() *gorgonia.Node {
		return gorgonia.NewVector(in[0].Graph(), tensor.Int, gorgonia.WithName("labels"),
			gorgonia.WithValue(tensor.New(tensor.WithBacking(slices.Clone(f.Labels)))))
	}
	switch c.Op {
	case "conv2d":
		return Conv2D(in[0], in[1], in[2], Conv2DConfig{StrideH: f.StrideH, StrideW: f.StrideW, PadH: f.PadH, PadW: f.PadW})
	case "maxpool2d":
		return MaxPool2D(in[0], pool)
	case "avgpool2d":
		return AvgPool2D(in[0], pool)
	case "crossentropy":
		return SoftmaxCrossEntropy(in[0], labels())
	case "smoothing":
		return SmoothedCrossEntropy(in[0], labels(), f.Factor)
	case "globalmaxpool2d":
		return GlobalMaxPool2D(in[0])
	case "globalavgpool2d":
		return GlobalAvgPool2D(in[0])
	case "concat":
		return Concat(in...)
	case "gelu":
		return GELU(in[0])
	case "scale":
		return Scale(in[0], f.Factor)
	case "mse":
		return MeanSquaredError(in[0], in[1])
	case "softmax":
		return Softmax(in[0])
	case "sigmoid":
		return Sigmoid(in[0])
	case "tanh":
		return Tanh(in[0])
	case "affine":
		return Affine(in[0], in[1], in[2])
	case "batchnorm":
		return BatchNorm(in[0], in[1], in[2], s, f.Training)
	case "batchnorm+gelu":
		return fused(then(batchnorm(true), GELU))(in)
	case "batchnorm+relu+maxpool2d":
		return fused(then(batchnorm(true), ReLU, maxpool(pool)))(in)
	case "batchnorm+gelu+maxpool2d":
		return fused(then(batchnorm(true), GELU, maxpool(pool)))(in)
	}
	return nil, os.ErrNotExist
}

// TestGoldenOps compares values, gradients and running statistics with PyTorch's.
func TestGoldenOps(t *testing.T) {
	norm, err := NewBatchNormState(3, DefaultBatchNorm)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range readGolden(t).Cases {
		t.Run(c.Name, func(t *testing.T) {
			n := build(t, tensor.Float64, opCase{shapes: c.Shapes, build: func(in gorgonia.Nodes) (*gorgonia.Node, error) {
				return c.apply(in, norm)
			}})
			for i, in := range n.in {
				n.set(in, filled(tensor.Float64, i+1, c.Scale, 0, c.Shapes[i]...))
			}
			if n.weights != nil {
				n.set(n.weights, filled(tensor.Float64, 99, 1, 0, n.weights.Shape()...))
			}
			if err := n.m.plan(); err != nil {
				t.Fatal(err)
			}
			got := n.results(t)
			compare(t, "y", got[0], c.Y, 1e-9)
			for i, want := range c.Grads {
				compare(t, "gradient", got[i+2], want, 1e-9)
			}
			if c.Mean != nil {
				compare(t, "running mean", norm.RunningMean, c.Mean, 1e-9)
				compare(t, "running variance", norm.RunningVar, c.Var, 1e-9)
			}
		})
	}
}

// goldenModel is a network with its gradients by each parameter on one batch.
type goldenModel struct {
	Name   string
	Batch  int
	Shape  []int
	Loss   float64
	Loss32 float64
	Params []goldenParam
}

type goldenParam struct {
	Shape    []int
	Scale    float64
	Norm     float64
	Error32  float64   // ‖g32 − g‖/‖g‖ of PyTorch's own float32
	Products []float64 // of the gradient with signs(1000), signs(1001), ...
}

// distance estimates ‖g − want‖ from products with random signs, whose mean square it is.
func (p goldenParam) distance(g []float64) float64 {
	sum := 0.0
	for k, want := range p.Products {
		for i, s := range fill(1000+k, len(g)) {
			if s < 0 {
				want += g[i]
			} else {
				want -= g[i]
			}
		}
		sum += want * want
	}
	return math.Sqrt(sum / float64(len(p.Products)))
}

func distance(a, b []float64) float64 {
	d := slices.Clone(a)
	pointwise.Axpy(-1, b, d)
	return math.Sqrt(pointwise.Dot(d, d))
}
