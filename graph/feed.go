package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Feed gives an input its numbers for the runs to come: examples one after another, each of the node's shape without
// its first axis, and as many as there are. A later Let or gorgonia.Let of the node wins. float32 numbers for an input
// of float64 are converted into memory of the program's; any others must be of the node's type and aren't copied. A
// number of examples that was fed before costs no allocation.
//
// Like Let it takes batches of another size than the graph was built for.
func Feed[T float32 | float64 | int](p *Program, node *gorgonia.Node, x []T) error {
	in := p.find(node)
	if in == nil {
		return p.notInput(node)
	}
	example := 1
	if len(in.shape) == 0 {
		return errors.Errorf("graph: Feed of %s: it is a scalar: use Let", gate.Describe(node))
	}
	for _, d := range in.shape[1:] {
		example *= d
	}
	if len(x) == 0 || len(x)%example != 0 {
		return errors.Errorf("graph: Feed of %s: %d numbers, want a multiple of %d, one or more examples of shape %v",
			gate.Describe(node), len(x), example, in.shape[1:])
	}
	bytes, dt := memory.Bytes(x), typeOf[T]()
	if dt == tensor.Float32 && in.dtype == tensor.Float64 {
		in.wide = memory.Resize(in.wide, len(x))
		convert(in.wide, x)
		bytes, dt = memory.Bytes(in.wide), tensor.Float64
	}
	if dt != in.dtype {
		return errors.Errorf("graph: Feed of %s: want type %v, got %v", gate.Describe(node), in.dtype, dt)
	}
	in.fedAs = append(append(in.fedAs[:0], len(x)/example), in.shape[1:]...)
	return in.show(in.fedAs, bytes)
}

func convert[T float32 | float64 | int](to []float64, x []T) {
	for i, v := range x {
		to[i] = float64(v)
	}
}

// typeOf is Gorgonia's type of T's elements.
func typeOf[T float32 | float64 | int]() tensor.Dtype {
	switch any(T(0)).(type) {
	case float32:
		return tensor.Float32
	case float64:
		return tensor.Float64
	}
	return tensor.Int
}
