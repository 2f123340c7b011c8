package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// maxPlans is how many plans a program keeps; the one that was used longest ago makes room.
const maxPlans = 16

// plan is the program for one choice of the inputs' shapes.
type plan struct {
	shapes []tensor.Shape // of the inputs
	values []gorgonia.Value
	fed    []*tensor.Dense // headers of the inputs; nil of one that is no dense tensor
	steps  []step
	first  int // steps[:first] suffice for the cost and the outputs
	at     int // the step that is running

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
	kernel lowering
	out    gorgonia.Value // the step's own buffer, or nil
	in     []int
	args   []gorgonia.Value
}

// buffer is a tensor in the arena.
type buffer struct {
	dense *tensor.Dense
	span  span
}

// lookup returns the plan for the inputs' present shapes.
func (p *Program) lookup() (*plan, error) {
	if p.current != nil && p.fits(p.current) {
		return p.current, nil
	}
	p.runs++
	for _, pl := range p.plans {
		if p.fits(pl) {
			pl.used = p.runs
			p.current = pl
			return pl, nil
		}
	}
	pl, err := p.newPlan()
	if err != nil {
		return nil, err
	}
	pl.used = p.runs
	if len(p.plans) == maxPlans {
		oldest := 0
		for i, q := range p.plans {
			if q.used < p.plans[oldest].used {
				oldest = i
			}
		}
		p.plans[oldest] = pl
	} else {
		p.plans = append(p.plans, pl)
	}
	p.current = pl
	return pl, nil
}

// fits says whether a plan is for the inputs' present shapes.
func (p *Program) fits(pl *plan) bool {
	for i, in := range p.inputs {
		if !sameShape(pl.shapes[i], in.value.Shape()) {
			return false
		}
	}
	return true
}

// newPlan works out shapes, buffers and their places in the arena.
func (p *Program) newPlan() (*plan, error) {
	shapes, err := p.inferShapes()
	if err != nil {
		return nil, err
	}
	pl := &plan{values: make([]gorgonia.Value, len(p.slots)), fed: make([]*tensor.Dense, len(p.inputs))}
	for i, in := range p.inputs {
		pl.shapes = append(pl.shapes, shapes[in.slot])
		if d, ok := in.value.(*tensor.Dense); ok {
			pl.fed[i] = header(in.dtype, shapes[in.slot], memoryOf(d))
			pl.values[in.slot] = pl.fed[i]
		}
	}
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
		switch s.kind {
		case fromConstant:
			pl.values[i] = constant(s.node.Value())
		case fromOp:
			if s.dead {
				continue
			}
			st := step{mode: s.mode, slot: i, op: s.node.Op(), kernel: s.kernel, in: s.in, args: make([]gorgonia.Value, len(s.in))}
			st.pre, _ = st.op.(gorgonia.UsePreallocDoer)
			if w := direct[i]; w != nil {
				st.out = w.slope.dense
			}
			pl.steps = append(pl.steps, st)
		}
	}
	if p.forward == len(p.slots) {
		pl.first = len(pl.steps)
	}
	if err := p.addBuffers(pl, shapes); err != nil {
		return nil, err
	}
	return pl, nil
}

// addBuffers gives each step that needs one a buffer. A buffer's place is free again after the last step that reads the value, or a value
// that shares its memory.
func (p *Program) addBuffers(pl *plan, shapes []tensor.Shape) error {
	places, err := p.layOut(pl, shapes)
	if err != nil {
		return err
	}
	if p.memory.grow(pl.bytes) {
		for _, q := range p.plans {
			q.place(&p.memory)
		}
	}
	for i := range pl.steps {
		st := &pl.steps[i]
		dt, shape := p.slots[st.slot].dtype, shapes[st.slot]
		place, placed := places[st.slot]
		switch {
		case placed:
			place.hi = place.lo + shape.TotalSize()*int(dt.Size())
			d := header(dt, shape, p.memory.bytes[place.lo:place.hi:place.hi])
			pl.buffers = append(pl.buffers, buffer{dense: d, span: place})
			st.out = d
		case st.out != nil:
		case shape.IsScalar():
			st.out = p.cell(st.slot)
		case st.mode == view:
			st.out = header(dt, shape, make([]byte, shape.TotalSize()*int(dt.Size())))
		}
	}
	return nil
}

// layOut places the steps' results in the arena.
func (p *Program) layOut(pl *plan, shapes []tensor.Shape) (map[int]span, error) {
	dying := make([][]int, len(pl.steps)+1)
	for slot, l := range p.lastUses(pl) {
		dying[l] = append(dying[l], slot)
	}
	places := make(map[int]span)
	var l layout
	for i := range pl.steps {
		st := &pl.steps[i]
		s := &p.slots[st.slot]
		shape := shapes[st.slot]
		if shape.TotalSize() < 1 {
			return nil, errors.Errorf("graph: node %s has shape %v", s.node.Name(), shape)
		}
		if st.out == nil && !shape.IsScalar() && st.mode != fresh && st.mode != alias && st.mode != view {
			places[st.slot] = l.take(shape.TotalSize() * int(s.dtype.Size()))
		}
		for _, slot := range dying[i] {
			if place, ok := places[slot]; ok {
				l.release(place)
			}
		}
	}
	pl.bytes = l.size
	return places, nil
}

// place points the plan's buffers into the arena.
func (pl *plan) place(a *arena) {
	for _, b := range pl.buffers {
		b.dense.Raw = a.bytes[b.span.lo:b.span.hi:b.span.hi]
	}
}

// lastUses finds, for each slot, the last step that reads its memory; what must outlive the run is used by the step after the last.
func (p *Program) lastUses(pl *plan) []int {
	last := make([]int, len(p.slots))
	for i := range pl.steps {
		st := &pl.steps[i]
		last[st.slot] = max(last[st.slot], i)
		for _, k := range st.in {
			last[k] = max(last[k], i)
		}
	}
	end := len(pl.steps)
	for _, o := range p.outputs {
		last[o.slot] = end
	}
	for _, r := range p.reads {
		last[r.slot] = end
	}
	if p.cost >= 0 {
		last[p.cost] = end
	}
	for _, w := range p.weight {
		if w.grad != nil {
			last[w.from] = end
		}
	}
	for i := len(pl.steps) - 1; i >= 0; i-- {
		if st := &pl.steps[i]; st.mode == alias || st.mode == view {
			for _, k := range st.in {
				last[k] = max(last[k], last[st.slot])
			}
		}
	}
	return last
}

// constant gives a tensor a header of the plan's own, because Gorgonia's products transpose their arguments in place for a while.
func constant(v gorgonia.Value) gorgonia.Value {
	d, ok := v.(*tensor.Dense)
	if !ok {
		return v
	}
	return header(d.Dtype(), append(tensor.Shape(nil), d.Shape()...), memoryOf(d))
}

// cell is the scalar that a slot has in all plans, so that a node stays bound to one value.
func (p *Program) cell(slot int) gorgonia.Value {
	s := &p.slots[slot]
	if s.cell == nil {
		s.cell = newScalar(s.dtype)
	}
	return s.cell
}
