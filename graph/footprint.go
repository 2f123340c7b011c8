package graph

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Memory is how many bytes the buffers take for a batch of rows examples: for inputs, but for those that are Fixed,
// whose first axis has that many elements. It makes none of them, so that a batch can be chosen that fits. Plans for
// several sizes share the memory of the largest. The weights, the gradient, the inputs themselves and what kernels and
// ops of other people work in aren't in it.
//
// A size below 1, and one that an op of the graph can't take, is an error.
func (p *Program) Memory(rows int) (int64, error) {
	if rows < 1 || rows > math.MaxInt32 {
		return 0, errors.Errorf("graph: memory for %d examples, want 1 to %d", rows, math.MaxInt32)
	}
	inputs := make([]tensor.Shape, len(p.inputs))
	for i, in := range p.inputs {
		inputs[i] = append(tensor.Shape(nil), in.shape...)
		if len(inputs[i]) > 0 && !in.fixed {
			inputs[i][0] = rows
		}
	}
	sizes, err := p.sizesAt(inputs)
	if err != nil {
		return 0, err
	}
	pl := &plan{values: make([]gorgonia.Value, len(p.slots))}
	p.addSteps(pl, sizes.Kernels)
	if _, err := p.layOut(pl, sizes.Shapes); err != nil {
		return 0, err
	}
	return int64(pl.bytes), nil
}
