package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// RunAll computes the cost, the outputs and, if there are parameters, the gradient.
func (p *Program) RunAll() error { return p.runHere(true) }

// Forward computes the cost and the outputs only.
func (p *Program) Forward() error { return p.runHere(false) }

func (p *Program) runHere(backward bool) error {
	if err := p.adopt(); err != nil {
		return err
	}
	return p.run(backward)
}

// run runs the steps at the vectors that the windows show.
func (p *Program) run(backward bool) error {
	if err := p.load(); err != nil {
		return err
	}
	pl, err := p.lookup()
	if err != nil {
		return err
	}
	p.fill(pl)
	steps := pl.steps
	if !backward {
		steps = steps[:pl.first]
	}
	if err := pl.exec(steps, backward); err != nil {
		pl.untranspose()
		return opError(p.slots[pl.steps[pl.at].slot].Expr, pl.steps[pl.at].args, err)
	}
	return p.finish(pl, backward)
}

// exec runs steps one after another: all of them, or those of the forward pass, which nobody follows up.
func (pl *plan) exec(steps []step, backward bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = gate.Recovered(r)
		}
	}()
	for i := range steps {
		s := &steps[i]
		pl.at = i
		for j, k := range s.in {
			s.args[j] = pl.values[k]
		}
		var v gorgonia.Value
		switch s.mode {
		case lowered:
			s.kernel(s.out, s.args)
			v = s.out
		case prealloc:
			v, err = s.pre.UsePreallocDo(s.out, s.args...)
		case withExtras:
			extras := s.extras
			if !backward {
				extras = s.always
			}
			v, err = s.out, s.multi.DoExtras(s.out, extras, s.args)
		default:
			v, err = s.slow()
		}
		if v != s.out || err != nil {
			if v, err = s.settle(v, err); err != nil {
				return err
			}
		}
		pl.values[s.slot] = v
	}
	return nil
}

// slow runs an op in one of the rarer modes.
func (s *step) slow() (gorgonia.Value, error) {
	switch s.mode {
	case zeroed:
		clear(tensors.Memory(s.out))
		return s.pre.UsePreallocDo(s.out, s.args...)
	case view:
		if out, ok := s.out.(*tensor.Dense); ok {
			out.Raw = tensors.Memory(s.args[0])
		}
		return s.out, nil
	case unsafely:
		if u, ok := s.op.(gorgonia.UnsafeDoer); ok && tensors.Assign(s.out, s.args[0]) {
			return u.UnsafeDo(s.out)
		}
	}
	return s.op.Do(s.args...)
}

// settle deals with a result that isn't the step's buffer: an op may return an argument or memory of its own.
func (s *step) settle(v gorgonia.Value, err error) (gorgonia.Value, error) {
	switch {
	case err != nil:
		return nil, err
	case v == nil:
		return nil, errors.New("the op returned no value")
	case v == s.out:
		return v, nil
	case s.out == nil:
		if d, ok := v.(*tensor.Dense); ok && !s.exact {
			return tensors.Ordered(d), nil // kernels read memory in order
		}
		return v, nil
	case tensors.Assign(s.out, v):
		return s.out, nil
	default:
		return gorgonia.CloneValue(v)
	}
}

// untranspose undoes what an op that failed half-way left: Gorgonia's products transpose their arguments in place and
// back again.
func (pl *plan) untranspose() {
	for _, v := range pl.values {
		if d, ok := v.(*tensor.Dense); ok {
			d.UT()
		}
	}
}

// finish publishes the results of a run.
func (p *Program) finish(pl *plan, backward bool) error {
	if p.cost >= 0 {
		p.costIs = tensors.Number(pl.values[p.cost])
	}
	if backward {
		for _, w := range p.weight {
			if w.grad == nil || w.direct {
				continue
			}
			if !tensors.Assign(w.slope.now(), pl.values[w.from]) {
				v := pl.values[w.from]
				return errors.Errorf("graph: the gradient of parameter %q is %v of shape %v, want %v of shape %v", w.node.Name(), v.Dtype(), v.Shape(), w.node.Dtype(), w.node.Shape())
			}
		}
	}
	for i := range p.outputs {
		if err := p.outputs[i].publish(pl.values[p.outputs[i].slot]); err != nil {
			return err
		}
	}
	for _, r := range p.reads {
		if err := r.copy(pl.values[r.slot]); err != nil {
			return err
		}
	}
	return nil
}

// publish makes v the value of the output's node.
func (o *output) publish(v gorgonia.Value) error {
	if d, ok := v.(*tensor.Dense); ok {
		if o.head == nil {
			o.head = new(tensor.Dense)
		}
		*o.head = *d
		v = o.head
	}
	if o.node.Value() == v {
		return nil
	}
	return bind(o.node, v)
}

// copy does what gorgonia.Read asks for: the first time a clone, then a copy into it.
func (r reading) copy(v gorgonia.Value) (err error) {
	if *r.into != nil && tensors.Same((*r.into).Shape(), v.Shape()) && tensors.Assign(*r.into, v) {
		return nil
	}
	*r.into, err = gorgonia.CloneValue(v)
	return errors.Wrap(err, "graph: reading a value")
}
