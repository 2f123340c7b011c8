package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// param is a parameter of a plain Gorgonia program.
type param struct {
	owner
	source  gorgonia.ValueGrad
	pointer bool           // source is a pointer, as of a node, so that it is known again
	f32     *slot[float32] // one of the two is set
	f64     *slot[float64]
	grad    gorgonia.Value
}

// namelessNode is what an input node without a name calls itself.
var namelessNode = new(gorgonia.Node).Name()

// nameOf returns the name of the i-th parameter of a model.
func nameOf(i int, p gorgonia.ValueGrad) (string, error) {
	node, isNode := p.(*gorgonia.Node)
	named, ok := p.(gorgonia.Namer)
	switch {
	case p == nil || isNode && node == nil:
		return "", errors.Errorf("solvers: parameter %d is nil", i)
	case isNode && !node.IsVar():
		return "", errors.Errorf("solvers: parameter %d, %v, is computed by the graph: want an input node", i, node)
	case !ok || named.Name() == "" || isNode && node.Name() == namelessNode:
		return "", errors.Errorf("solvers: parameter %d has no name: give it one with gorgonia.WithName", i)
	}
	return named.Name(), nil
}

// readValue points the parameter's slot at its value.
func (a *param) readValue() error {
	f32, f64, err := memory(a.source.Value())
	if err != nil {
		return errors.Errorf("solvers: parameter %q %v", a.name, err)
	}
	if a.f32 != nil {
		return point(&a.f32.w, f32, a)
	}
	return point(&a.f64.w, f64, a)
}

// point sets a slot's weights, whose number and type of elements must be those of before.
func point[T kernel.Float](w *[]T, to []T, a *param) error {
	if len(to) != len(*w) {
		return errors.Errorf("solvers: parameter %q has changed its size or type since the last step: %v of %v now",
			a.name, a.source.Value().Shape(), a.source.Value().Dtype())
	}
	*w = to
	return nil
}

// readGradient points the parameter's slot at its gradient.
func (a *param) readGradient() (err error) {
	if a.grad, err = a.source.Grad(); err != nil {
		return errors.Wrapf(err, "solvers: parameter %q", a.name)
	}
	f32, f64, err := memory(a.grad)
	if err == errScattered {
		f32, f64, err = gather(a.grad)
	}
	if err != nil {
		return errors.Errorf("solvers: gradient of %q %v", a.name, err)
	}
	value := a.source.Value()
	if a.grad.Dtype() != value.Dtype() || !sameShape(a.grad.Shape(), value.Shape()) {
		return errors.Errorf("solvers: parameter %q is %v of %v and its gradient %v of %v",
			a.name, value.Shape(), value.Dtype(), a.grad.Shape(), a.grad.Dtype())
	}
	if a.f32 != nil {
		a.f32.g = f32
	} else {
		a.f64.g = f64
	}
	return nil
}

// zeroSum sets the gradient to zero if Gorgonia adds the next one to it: then the node that computes it holds another value, or
// isn't there.
func (a *param) zeroSum() {
	node, ok := a.source.(*gorgonia.Node)
	if !ok || node.Deriv() != nil && node.Deriv().Value() == a.grad {
		return
	}
	if f32, f64, err := memory(a.grad); err == nil {
		clear(f32)
		clear(f64)
	}
}
