package graph

import (
	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// plan is the program for one choice of the inputs' shapes.
type plan struct {
	shapes []tensor.Shape // of the inputs
	values []gorgonia.Value
	fed    []*tensor.Dense // headers of the inputs; nil of one that is no dense tensor
	steps  []step
	first  int // steps[:first] suffice for the cost and the outputs
	at     int // the step that is running

	results map[int]gorgonia.Value // the steps' buffers, by slot
	buffers []buffer
	bytes   int
	used    uint64
}

// step runs one op.
type step struct {
	mode   mode
	slot   int
	op     gorgonia.Op
	pre    gorgonia.UsePreallocDoer
	multi  ExtraDoer
	kernel stock.Kernel
	out    gorgonia.Value // the step's own buffer, or nil
	in     []int
	args   []gorgonia.Value
	exact  bool // the op's result must stay as the op returned it

	extras []gorgonia.Value // beside the result; nil where nobody reads it
	always []gorgonia.Value // those that the op needs where only the forward pass runs
}

// buffer is a tensor in the arena.
type buffer struct {
	dense *tensor.Dense
	span  arena.Span
}

// newPlan works out shapes, buffers and their places in the arena.
func (p *Program) newPlan() (*plan, error) {
	inputs := make([]tensor.Shape, len(p.inputs))
	for i, in := range p.inputs {
		inputs[i] = in.value.Shape()
	}
	sizes, err := p.sizesAt(inputs)
	if err != nil {
		return nil, err
	}
	shapes := sizes.Shapes
	pl := &plan{results: map[int]gorgonia.Value{}, values: make([]gorgonia.Value, len(p.slots)), fed: make([]*tensor.Dense, len(p.inputs))}
	for i, in := range p.inputs {
		pl.shapes = append(pl.shapes, append(tensor.Shape(nil), inputs[i]...))
		if d, ok := in.value.(*tensor.Dense); ok {
			pl.fed[i] = in.form(shapes[in.slot], tensors.Memory(d))
			pl.values[in.slot] = pl.fed[i]
		}
	}
	p.addSteps(pl, sizes.Kernels)
	if err := p.addBuffers(pl, shapes); err != nil {
		return nil, err
	}
	return pl, nil
}

// addSteps lists the ops to run, or the kernels in their places, and gives the plan its weights and constants.
func (p *Program) addSteps(pl *plan, kernels map[int]stock.Kernel) {
	direct := make(map[int]*weight)
	for _, w := range p.weight {
		if w.direct {
			direct[w.from] = w
		}
		if w.slot >= 0 {
			pl.values[w.slot] = w.value.now()
		}
	}
	for i := range p.slots {
		s := &p.slots[i]
		if i == p.forward {
			pl.first = len(pl.steps)
		}
		switch s.from {
		case fromConstant:
			pl.values[i] = constant(s.Expr.Value())
		case fromOp:
			if s.dead || s.mode == beside {
				continue
			}
			st := step{mode: s.mode, slot: i, op: s.Computed(), kernel: s.kernel, in: s.in, args: make([]gorgonia.Value, len(s.in)), exact: p.noFusion}
			st.pre, _ = st.op.(gorgonia.UsePreallocDoer)
			st.multi, _ = st.op.(ExtraDoer)
			if k, ok := kernels[i]; ok {
				st.mode, st.kernel = lowered, k
			}
			if w := direct[i]; w != nil {
				st.out = w.slope.dense
			}
			st.extras = make([]gorgonia.Value, len(s.extras))
			for k, e := range s.extras {
				if w := direct[e.slot]; w != nil {
					st.extras[k] = w.slope.dense
				}
			}
			pl.steps = append(pl.steps, st)
		}
	}
	if p.forward == len(p.slots) {
		pl.first = len(pl.steps)
	}
}
