package nn

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph"
)

// remembered is how many slices a feed keeps tensors of: a loop that prefetches goes round a few.
const remembered = 8

// feed binds batches to an input node. What has the node's type of number is bound where it lies, and the tensor is remembered
// so that the same slice again allocates nothing; float32 data for a float64 graph is converted into a buffer of the feed's
// own.
type feed struct {
	node  *gorgonia.Node
	row   []int // shape of an example
	known []*tensor.Dense
	next  int
	wide  []float64
}

func newFeed(node *gorgonia.Node) *feed {
	return &feed{node: node, row: slices.Clone([]int(node.Shape()[1:]))}
}

// numbers binds rows examples of float32 numbers.
func (f *feed) numbers(p *graph.Program, rows int, x []float32) error {
	if f.node.Dtype() == tensor.Float32 {
		return bind(f, p, rows, x, (*tensor.Dense).Float32s)
	}
	f.wide = slices.Grow(f.wide[:0], len(x))[:len(x)]
	for i, v := range x {
		f.wide[i] = float64(v)
	}
	return bind(f, p, rows, f.wide, (*tensor.Dense).Float64s)
}

// memory is how many bytes the buffer for the conversion of rows examples takes.
func (f *feed) memory(rows int) int64 {
	if f.node.Dtype() != tensor.Float64 {
		return 0
	}
	return int64(rows) * int64(product(f.row)) * 8
}

// labels binds a label for each example.
func (f *feed) labels(p *graph.Program, labels []int) error {
	return bind(f, p, len(labels), labels, (*tensor.Dense).Ints)
}

// bind binds a slice; data reads a tensor's slice.
func bind[T float32 | float64 | int](f *feed, p *graph.Program, rows int, x []T, data func(*tensor.Dense) []T) error {
	for _, t := range f.known {
		if d := data(t); len(d) == len(x) && &d[0] == &x[0] {
			return p.Let(f.node, t)
		}
	}
	shape := append([]int{rows}, f.row...)
	t := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
	if len(f.known) < remembered {
		f.known = append(f.known, t)
	} else {
		f.known[f.next] = t
		f.next = (f.next + 1) % remembered
	}
	return errors.Wrapf(p.Let(f.node, t), "bind %s", f.node.Name())
}
