package graph

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// sizing works out what the shapes of a program's slots are for inputs of other shapes than the graph was built with.
//
// An op whose result isn't certain has several answers. Those are followed that fit the ops behind it and the
// gradients, which have the shapes of what they are the gradients of. Unless that leaves one, the graph is refused:
// what a graph built at this batch would compute can't be told.
//
// That an answer doesn't fit is proof against it only where it can't be meant. What can be meant, and not be done at
// another batch, is a doubt: it is never left in favour of another answer.
type sizing struct {
	p      *Program
	chosen []answer // by slot
	found  [][]answer
	tries  int
	failed error // why the first try failed, or one that left a doubt
	doubt  bool  // whether failed is the end of what can't be ruled out
	holds  bool  // whether a tensor that isn't fed has the size of a batch, so that the graph may not work at another one
}

// doubt is an error of an op that can't be done, or not be understood, at another batch, though it may be meant.
type doubt struct{ error }

func doubtf(format string, args ...any) error { return doubt{errors.Errorf(format, args...)} }

// answer is what a node may mean at another batch.
type answer struct {
	form   form
	kernel lowering // in place of the op, where that would do what it did at the batch of the graph as built
	err    error    // why the op can't do it, though it may be meant
	asked  bool     // whether the op itself said so, which may hold a size of the graph as built
}

// maxTries bounds how many slots are looked at, in units of all slots.
const maxTries = 1000

// sized are the shapes of all slots, and the kernels of ops that hold numbers of another batch.
type sized struct {
	shapes  []tensor.Shape
	kernels map[int]lowering
}

// size finds the sizes for inputs of the given forms, by slot.
func (p *Program) size(inputs map[int]form) (*sized, error) {
	z := &sizing{p: p, chosen: make([]answer, len(p.slots))}
	for i, f := range inputs {
		z.chosen[i].form = f
	}
	z.holds = z.holdsBatch()
	z.walk(0)
	switch {
	case z.doubt:
		return nil, z.failed
	case len(z.found) == 0:
		return nil, z.failed
	case len(z.found) > 1:
		return nil, z.ambiguous()
	}
	z.chosen = z.found[0]
	s := &sized{shapes: make([]tensor.Shape, len(p.slots)), kernels: make(map[int]lowering)}
	for i, a := range z.chosen {
		if a.err != nil {
			return nil, z.wrap(i, a.err)
		}
		s.shapes[i] = a.form.is()
		if a.kernel != nil {
			s.kernels[i] = a.kernel
		}
	}
	return s, nil
}

// walk goes on from slot i, and notes what it found at the end. It stops at the second.
func (z *sizing) walk(i int) {
	for ; i < len(z.p.slots); i++ {
		if z.tries++; z.tries > maxTries*len(z.p.slots) {
			z.found = nil
			z.failed = z.wrap(i, errors.New("too many reshapes up to this node may mean several things at another batch: "+advice))
			return
		}
		answers, err := z.answers(i)
		if err != nil {
			z.fail(i, err)
			return
		}
		last := len(answers) - 1
		for _, a := range answers[:last] {
			z.chosen[i] = a
			z.walk(i + 1)
			if z.stop() {
				return
			}
		}
		z.chosen[i] = answers[last]
	}
	z.found = append(z.found, append([]answer(nil), z.chosen...))
}

// fail notes that slot i has no answer.
func (z *sizing) fail(i int, err error) {
	if errors.As(err, new(doubt)) || z.holds {
		z.doubt, z.failed = true, z.wrap(i, err)
	} else if z.failed == nil {
		z.failed = z.wrap(i, err)
	}
}

// holdsBatch says whether a constant, or an input that is fed as it was built, has an axis whose length may come from a batch. The
// inputs that are said to be fixed don't count, nor do weights: a training would be of other weights at another batch.
func (z *sizing) holdsBatch() bool {
	was := make(map[int]bool)
	fixed := make(map[int]bool)
	for _, in := range z.p.inputs {
		for _, e := range z.chosen[in.slot].form {
			if e.moves() {
				was[e.was()] = true
			}
		}
		fixed[in.slot] = in.fixed || z.chosen[in.slot].form.moves()
	}
	for i := range z.p.slots {
		s := &z.p.slots[i]
		if s.from != fromConstant && (s.from != fromInput || fixed[i]) {
			continue
		}
		for _, n := range s.Shape {
			for b := range was {
				if n%b == 0 || n > 1 && b%n == 0 {
					return true
				}
			}
		}
	}
	return false
}

// stop says whether what was found, or tried, is enough to decide.
func (z *sizing) stop() bool { return z.doubt || len(z.found) > 1 || z.tries > maxTries*len(z.p.slots) }

// answers are what slot i may be, given those before it. There is one at least.
func (z *sizing) answers(i int) ([]answer, error) {
	s := &z.p.slots[i]
	var list []answer
	switch {
	case s.from == fromInput:
		list = []answer{z.chosen[i]}
	case s.from == fromOp && s.mode == beside:
		f, err := z.beside(s)
		if err != nil {
			return nil, err
		}
		list = []answer{{form: f, asked: true}}
	case s.from != fromOp || !z.depends(s):
		list = []answer{{form: stillForm(s.Shape)}}
	default:
		var err error
		if list, err = z.apply(i); err != nil {
			return nil, err
		}
	}
	return z.fitting(i, list)
}

// depends says whether a slot's shape or what it reads from shapes may be another than in the graph as built.
func (z *sizing) depends(s *slot) bool {
	for _, k := range s.Inputs {
		if z.chosen[k].form.moves() {
			return true
		}
		if a := &z.p.slots[k]; a.Kind == gate.Size && z.chosen[a.Inputs[0]].form.moves() {
			return true
		}
	}
	return false
}

// fitting drops answers that are not of the shape of what the slot is a gradient of.
func (z *sizing) fitting(i int, list []answer) ([]answer, error) {
	for _, k := range z.p.slots[i].like {
		other := z.chosen[k].form
		var fit []answer
		for _, a := range list {
			if alike(a.form, other) {
				fit = append(fit, a)
			}
		}
		if len(fit) == 0 {
			err := errors.Errorf("the shape %v doesn't fit %v of node %s, of which one is the other's gradient",
				list[0].form.is(), other.is(), z.p.slots[k].Expr.Name())
			if list[0].asked {
				err = doubt{err}
			}
			return nil, err
		}
		list = fit
	}
	return list, nil
}

// alike says whether two forms that were equal still are. Of forms of other ranks only the numbers of elements are
// compared, since Gorgonia's gradients of scalars and vectors may have axes of 1.
func alike(f, g form) bool {
	if sameShape(f.was(), g.was()) {
		return sameShape(f.is(), g.is())
	}
	a, b := f.all(), g.all()
	return a.was() != b.was() || a.is() == b.is()
}

// advice is what to do about a graph that means several things.
const advice = "build the graph for a batch of which no other axis is a multiple, such as 7 or 13, not for 1"

// ambiguous names the first node of which two things may be meant.
func (z *sizing) ambiguous() error {
	i := 0
	for sameShape(z.found[0][i].form.is(), z.found[1][i].form.is()) {
		i++
	}
	z.chosen = z.found[0]
	return z.wrap(i, errors.Errorf("its result may be %v or %v: %s", z.found[0][i].form.is(), z.found[1][i].form.is(), advice))
}

// wrap says at which node the sizes stop making sense.
func (z *sizing) wrap(i int, err error) error {
	s := &z.p.slots[i]
	shapes := make([]string, len(s.Inputs))
	for j, k := range s.Inputs {
		shapes[j] = fmt.Sprint(z.chosen[k].form.is())
	}
	return errors.Wrapf(err, "graph: node %s: op %v on shapes [%s], in a graph built for %s",
		s.Expr.Name(), s.Expr.Op(), strings.Join(shapes, " "), z.p.builtFor(z.chosen))
}

// builtFor lists the inputs that are fed with another shape than their own.
func (p *Program) builtFor(chosen []answer) string {
	var list []string
	for _, in := range p.inputs {
		if f := chosen[in.slot].form; f.moves() {
			list = append(list, fmt.Sprintf("%s of shape %v and run at %v", describe(in.node), in.shape, f.is()))
		}
	}
	return strings.Join(list, ", ")
}
