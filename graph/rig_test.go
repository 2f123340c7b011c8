package graph

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/graph/internal/arena"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rig builds a graph of one batch size with values that depend on the nodes' names only.
type rig struct {
	g      *gorgonia.ExprGraph
	dt     tensor.Dtype
	n      int // batch size
	params gorgonia.Nodes
	frozen gorgonia.Nodes
	feeds  gorgonia.Nodes
	outs   gorgonia.Nodes // nodes that nothing consumes
}

func newRig(dt tensor.Dtype, n int) *rig { return &rig{g: gorgonia.NewGraph(), dt: dt, n: n} }

// random makes a tensor of normal numbers.
func random(dt tensor.Dtype, name string, shape ...int) *tensor.Dense {
	h := fnv.New64a()
	h.Write([]byte(name))
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	n := tensor.Shape(shape).TotalSize()
	if dt == tensor.Float32 {
		s := make([]float32, n)
		for i := range s {
			s[i] = float32(rng.NormFloat64())
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s))
	}
	s := make([]float64, n)
	for i := range s {
		s[i] = rng.NormFloat64()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(s))
}

func (r *rig) input(name string, shape ...int) *gorgonia.Node {
	if len(shape) == 0 {
		v := gorgonia.Value(gorgonia.NewF64(random(tensor.Float64, name, 1).Float64s()[0]))
		if r.dt == tensor.Float32 {
			v = gorgonia.NewF32(random(tensor.Float32, name, 1).Float32s()[0])
		}
		return gorgonia.NewScalar(r.g, r.dt, gorgonia.WithName(name), gorgonia.WithValue(v))
	}
	return gorgonia.NewTensor(r.g, r.dt, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name), gorgonia.WithValue(random(r.dt, name, shape...)))
}

func (r *rig) param(name string, shape ...int) *gorgonia.Node {
	n := r.input(name, shape...)
	r.params = append(r.params, n)
	return n
}

// feed makes an input whose first axis is the batch.
func (r *rig) feed(name string, shape ...int) *gorgonia.Node {
	n := r.input(name, append([]int{r.n}, shape...)...)
	r.feeds = append(r.feeds, n)
	return n
}

func (r *rig) constant(x float64) *gorgonia.Node {
	if r.dt == tensor.Float32 {
		return gorgonia.NewConstant(float32(x))
	}
	return gorgonia.NewConstant(x)
}

// cost is a sum of a node's elements weighted without symmetry, except that the weights are the same in each row.
func (r *rig) cost(n *gorgonia.Node) *gorgonia.Node {
	if n.IsScalar() {
		return n
	}
	return must(gorgonia.Mean(must(gorgonia.Square(n))))
}

func must(n *gorgonia.Node, err error) *gorgonia.Node { return gorgonia.Must(n, err) }

// bits are the bit patterns of a value's elements.
func bits(v gorgonia.Value) []uint64 {
	var out []uint64
	switch d := v.Data().(type) {
	case []float32:
		for _, x := range d {
			out = append(out, uint64(math.Float32bits(x)))
		}
	case []float64:
		for _, x := range d {
			out = append(out, math.Float64bits(x))
		}
	case float32:
		out = []uint64{uint64(math.Float32bits(d))}
	case float64:
		out = []uint64{math.Float64bits(d)}
	default:
		panic("bits of another type")
	}
	return out
}

// floats are a value's elements.
func floats(v gorgonia.Value) []float64 {
	var out []float64
	switch d := v.Data().(type) {
	case []float32:
		for _, x := range d {
			out = append(out, float64(x))
		}
	case []float64:
		out = append(out, d...)
	case float32:
		out = []float64{float64(d)}
	case float64:
		out = []float64{d}
	default:
		panic("floats of another type")
	}
	return out
}

func sameBits(t *testing.T, what string, got, want gorgonia.Value) {
	t.Helper()
	if got == nil || want == nil {
		t.Errorf("%s: got %v, want %v", what, got, want)
		return
	}
	a, b := bits(got), bits(want)
	if len(a) != len(b) {
		t.Errorf("%s: %d elements, want %d", what, len(a), len(b))
		return
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("%s: element %d of %d is %v, want %v", what, i, len(a), floats(got)[i], floats(want)[i])
			return
		}
	}
}

// poison fills a program's buffers with NaN, so that a step that reads what it should not shows.
func poison(p *Program) {
	bytes := p.memory.At(arena.Span{Hi: p.memory.Size()})
	for i := range bytes {
		bytes[i] = 0xff
	}
	for i := range p.gradient.F32 {
		p.gradient.F32[i] = float32(math.NaN())
	}
	for i := range p.gradient.F64 {
		p.gradient.F64[i] = math.NaN()
	}
}

// network is an mlp of stock ops.
func network(r *rig, sizes ...int) *gorgonia.Node {
	h := r.feed("x", sizes[0])
	for i, n := range sizes[1:] {
		id := string(rune('0' + i))
		h = must(gorgonia.Mul(h, r.param("w"+id, sizes[i], n)))
		h = must(gorgonia.BroadcastAdd(h, r.param("b"+id, 1, n), nil, []byte{0}))
		if i+2 < len(sizes) {
			h = must(gorgonia.Rectify(h))
		}
	}
	p := must(gorgonia.Log(must(gorgonia.SoftMax(h))))
	return must(gorgonia.Neg(must(gorgonia.Mean(must(gorgonia.HadamardProd(p, r.feed("y", sizes[len(sizes)-1])))))))
}

func compiled(t testing.TB, r *rig, cost *gorgonia.Node, opts ...Option) *Program {
	t.Helper()
	p, err := Compile(cost, append([]Option{Params(r.params...)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
