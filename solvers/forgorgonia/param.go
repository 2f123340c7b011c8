package forgorgonia

import (
	"reflect"

	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// param is a parameter of a Gorgonia program.
type param struct {
	name    string
	source  gorgonia.ValueGrad
	pointer bool // source is a pointer, as of a node, so that it is known again
	grad    gorgonia.Value
}

// namelessNode is what an input node without a name calls itself.
var namelessNode = new(gorgonia.Node).Name()

// newParam makes the i-th parameter of a model.
func newParam(i int, source gorgonia.ValueGrad) (param, error) {
	node, isNode := source.(*gorgonia.Node)
	named, ok := source.(gorgonia.Namer)
	switch {
	case source == nil || isNode && node == nil:
		return param{}, errors.Errorf("forgorgonia: parameter %d is nil", i)
	case isNode && !node.IsVar():
		return param{}, errors.Errorf("forgorgonia: parameter %d, %v, is computed by the graph: want an input node", i, node)
	case !ok || named.Name() == "" || isNode && node.Name() == namelessNode:
		return param{}, errors.Errorf("forgorgonia: parameter %d has no name: give it one with gorgonia.WithName", i)
	}
	return param{name: named.Name(), source: source, pointer: reflect.TypeOf(source).Kind() == reflect.Pointer}, nil
}

// readValue points the arrays at the parameter's value.
func (p *param) readValue(to *solvers.Param) (err error) {
	if to.F32, to.F64, err = memory(p.source.Value()); err != nil {
		return errors.Errorf("forgorgonia: parameter %q %v", p.name, err)
	}
	return nil
}

// readGradient points the arrays at the parameter's gradient.
func (p *param) readGradient(to *solvers.Param) (err error) {
	if p.grad, err = p.source.Grad(); err != nil {
		return errors.Wrapf(err, "forgorgonia: parameter %q", p.name)
	}
	to.Grad32, to.Grad64, err = memory(p.grad)
	if err == errScattered {
		to.Grad32, to.Grad64, err = ordered(p.grad)
	}
	if err != nil {
		return errors.Errorf("forgorgonia: gradient of %q %v", p.name, err)
	}
	value := p.source.Value()
	if p.grad.Dtype() != value.Dtype() || !sameShape(p.grad.Shape(), value.Shape()) {
		return errors.Errorf("forgorgonia: parameter %q is %v of %v and its gradient %v of %v",
			p.name, value.Shape(), value.Dtype(), p.grad.Shape(), p.grad.Dtype())
	}
	return nil
}

// zeroSum sets the gradient to zero if Gorgonia adds the next one to it: then the node that computes it holds another
// value, or isn't there.
func (p *param) zeroSum() {
	node, ok := p.source.(*gorgonia.Node)
	if !ok || node.Deriv() != nil && node.Deriv().Value() == p.grad {
		return
	}
	if f32, f64, err := memory(p.grad); err == nil {
		clear(f32)
		clear(f64)
	}
}
