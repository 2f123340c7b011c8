package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// places are the spans of an arena that the steps' results have, by slot, and the values beside them, by step.
type places struct {
	results map[int]span
	extras  map[int][]span // of size 0 where none is needed
}

// addBuffers gives each step the buffers that it needs. A buffer's place is free again after the last step that reads the value, or a
// value that shares its memory.
func (p *Program) addBuffers(pl *plan, shapes []tensor.Shape) error {
	at, err := p.layOut(pl, shapes)
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
		dt, shape := p.slots[st.slot].Type, shapes[st.slot]
		place, placed := at.results[st.slot]
		switch {
		case placed:
			st.out = p.buffer(pl, dt, shape, place)
		case st.out != nil:
		case shape.IsScalar():
			st.out = p.cell(st.slot)
		case st.mode == view:
			st.out = pl.view(dt, shape, st.in[0])
		}
		if pl.results[st.slot] = st.out; st.mode == withExtras {
			if err := p.addExtraBuffers(pl, i, shapes, at.extras[i]); err != nil {
				return err
			}
		}
	}
	for i := range pl.steps {
		if v, ok := pl.steps[i].out.(*tensor.Dense); ok && pl.steps[i].mode == view {
			v.Raw = nil // a run says where it is; until then it keeps no memory
		}
	}
	return nil
}

// addExtraBuffers gives step i the values beside its result.
func (p *Program) addExtraBuffers(pl *plan, i int, shapes []tensor.Shape, at []span) error {
	st := &pl.steps[i]
	s := &p.slots[st.slot]
	list, err := s.extraShapes(pick(shapes, s.Inputs))
	if err != nil {
		return err
	}
	st.always = make([]gorgonia.Value, len(s.extras))
	for k, e := range s.extras {
		if at[k].hi > at[k].lo {
			st.extras[k] = p.buffer(pl, e.dtype, list[k], at[k])
		}
		if e.always {
			st.always[k] = st.extras[k]
		}
		if e.slot >= 0 {
			pl.values[e.slot] = st.extras[k]
		}
	}
	return nil
}

// buffer is a tensor in the arena.
func (p *Program) buffer(pl *plan, dt tensor.Dtype, shape tensor.Shape, place span) *tensor.Dense {
	place.hi = place.lo + shape.TotalSize()*int(dt.Size())
	d := header(dt, shape, p.memory.bytes[place.lo:place.hi:place.hi])
	pl.buffers = append(pl.buffers, buffer{dense: d, span: place})
	return d
}

// view is a tensor that shows the value of a slot in another shape. Each run points it to where the value is then.
func (pl *plan) view(dt tensor.Dtype, shape tensor.Shape, of int) *tensor.Dense {
	v := pl.results[of]
	if v == nil {
		v = pl.values[of]
	}
	memory := memoryOf(v)
	if n := shape.TotalSize() * int(dt.Size()); len(memory) != n {
		memory = make([]byte, n)
	}
	return header(dt, shape, memory)
}

// layOut places the steps' results, and the values beside them, in the arena.
func (p *Program) layOut(pl *plan, shapes []tensor.Shape) (places, error) {
	dying := make([][]span, len(pl.steps)+1)
	last := p.lastUses(pl)
	at := places{map[int]span{}, map[int][]span{}}
	var l layout
	for i := range pl.steps {
		st := &pl.steps[i]
		s := &p.slots[st.slot]
		shape := shapes[st.slot]
		if shape.TotalSize() < 1 {
			return at, errors.Errorf("graph: node %s has shape %v", s.Expr.Name(), shape)
		}
		if st.out == nil && !shape.IsScalar() && st.mode != fresh && st.mode != alias && st.mode != view {
			place := l.take(shape.TotalSize() * int(s.Type.Size()))
			at.results[st.slot] = place
			dying[last[st.slot]] = append(dying[last[st.slot]], place)
		}
		if st.mode == withExtras {
			list, err := s.extraShapes(pick(shapes, s.Inputs))
			if err != nil {
				return at, err
			}
			for k, e := range s.extras {
				var place span
				if p.wants(e) && st.extras[k] == nil {
					place = l.take(list[k].TotalSize() * int(e.dtype.Size()))
					until := i
					if e.slot >= 0 {
						until = last[e.slot]
					}
					dying[until] = append(dying[until], place)
				}
				at.extras[i] = append(at.extras[i], place)
			}
		}
		for _, place := range dying[i] {
			l.release(place)
		}
	}
	pl.bytes = l.size
	return at, nil
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
		for _, e := range p.slots[st.slot].extras {
			if e.slot >= 0 {
				last[e.slot] = max(last[e.slot], i)
			}
		}
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
		s.cell = newScalar(s.Type)
	}
	return s.cell
}
