package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

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
