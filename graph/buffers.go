package graph

import (
	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// addBuffers gives each step the buffers that it needs. A buffer's place is free again after the last step that reads
// the value, or a value that shares its memory.
func (p *Program) addBuffers(pl *plan, shapes []tensor.Shape) error {
	at, err := p.layOut(pl, shapes)
	if err != nil {
		return err
	}
	if p.memory.Grow(pl.bytes) {
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
func (p *Program) addExtraBuffers(pl *plan, i int, shapes []tensor.Shape, at []arena.Span) error {
	st := &pl.steps[i]
	s := &p.slots[st.slot]
	list, err := s.extraShapes(s.argShapes(shapes))
	if err != nil {
		return err
	}
	st.always = make([]gorgonia.Value, len(s.extras))
	for k, e := range s.extras {
		if at[k].Hi > at[k].Lo {
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
func (p *Program) buffer(pl *plan, dt tensor.Dtype, shape tensor.Shape, place arena.Span) *tensor.Dense {
	place.Hi = place.Lo + shape.TotalSize()*int(dt.Size())
	d := tensors.Over(dt, shape, p.memory.At(place))
	pl.buffers = append(pl.buffers, buffer{dense: d, span: place})
	return d
}

// view is a tensor that shows the value of a slot in another shape. Each run points it to where the value is then.
func (pl *plan) view(dt tensor.Dtype, shape tensor.Shape, of int) *tensor.Dense {
	v := pl.results[of]
	if v == nil {
		v = pl.values[of]
	}
	memory := tensors.Memory(v)
	if n := shape.TotalSize() * int(dt.Size()); len(memory) != n {
		memory = make([]byte, n)
	}
	return tensors.Over(dt, shape, memory)
}

// place points the plan's buffers into the arena.
func (pl *plan) place(a *arena.Arena) {
	for _, b := range pl.buffers {
		b.dense.Raw = a.At(b.span)
	}
}

// constant gives a tensor a header of the plan's own, because Gorgonia's products transpose their arguments in place
// for a while.
func constant(v gorgonia.Value) gorgonia.Value {
	d, ok := v.(*tensor.Dense)
	if !ok {
		return v
	}
	return tensors.Over(d.Dtype(), append(tensor.Shape(nil), d.Shape()...), tensors.Memory(d))
}

// cell is the scalar that a slot has in all plans, so that a node stays bound to one value.
func (p *Program) cell(slot int) gorgonia.Value {
	s := &p.slots[slot]
	if s.cell == nil {
		s.cell = tensors.NewScalar(s.Type)
	}
	return s.cell
}
