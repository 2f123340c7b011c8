package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ExtraDoer is an optional interface of gorgonia.Op: it may compute values beside its result, which its gradient needs
// again or which are gradients themselves. A program plans their memory and leaves out those that nobody reads. The
// operations of graph/op are of this kind where they are made of an op.ExtraBody.
type ExtraDoer interface {
	gorgonia.Op

	// ExtraTypes are the types of the values, and which of them the op needs memory for whether they are read or not.
	// Where there are none, the op is run as any other.
	ExtraTypes() (types []tensor.Dtype, always []bool)

	// ExtraShapes are their shapes, of rank 1 or more, for arguments of these shapes.
	ExtraShapes(args []tensor.Shape) ([]tensor.Shape, error)

	// DoExtras computes the result into out and the values beside it into extras, which are nil where nobody reads
	// them.
	DoExtras(out gorgonia.Value, extras, args []gorgonia.Value) error
}

// ExtraValuer is an optional interface of gorgonia.Op: its value is the one of that number which its only argument's
// op, an ExtraDoer, computes beside its result.
type ExtraValuer interface {
	gorgonia.Op
	ExtraValue() int
}

// extra is a value beside the result of a slot's op.
type extra struct {
	slot   int // −1: nobody reads it
	dtype  tensor.Dtype
	always bool
}

// addExtras lists the values beside the result of the slot's op, and says whether there are any. The slots of those
// that are read follow later.
func (s *slot) addExtras() bool {
	op, ok := s.Expr.Op().(ExtraDoer)
	if !ok {
		return false
	}
	types, always := op.ExtraTypes()
	for k, dt := range types {
		s.extras = append(s.extras, extra{slot: -1, dtype: dt, always: always[k]})
	}
	return len(types) > 0
}

// isExtra makes slot i the value of that number beside the result of its argument's op, if it is one, and says whether
// it is.
func (p *Program) isExtra(i int) bool {
	s := &p.slots[i]
	v, ok := s.Expr.Op().(ExtraValuer)
	if !ok || len(s.Inputs) != 1 {
		return false
	}
	owner := &p.slots[s.Inputs[0]]
	if k := v.ExtraValue(); owner.mode == withExtras && k < len(owner.extras) {
		owner.extras[k].slot = i
		s.mode, s.extra = beside, k
		return true
	}
	return false
}

// extraShapes are the shapes of the values beside the result of a slot's op, for arguments of these shapes.
func (s *slot) extraShapes(args []tensor.Shape) ([]tensor.Shape, error) {
	list, err := s.Expr.Op().(ExtraDoer).ExtraShapes(args)
	if err == nil && len(list) != len(s.extras) {
		err = errors.Errorf("%d shapes of %d values beside the result", len(list), len(s.extras))
	}
	return list, errors.Wrapf(err, "graph: node %s", s.Expr.Name())
}

// wants says whether a run has to give the op memory for a value beside its result.
func (p *Program) wants(e extra) bool {
	return e.always || e.slot >= 0 && !p.slots[e.slot].dead
}
