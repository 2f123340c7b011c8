// Package linear has generalised linear models over dense and sparse rows as objectives for package solvers:
//
//	f, err := linear.New(linear.Model{
//		Rows: linear.CSR(data.X), Labels: data.Y, Loss: linear.Logistic, Type: vector.Float64,
//	})
//	...
//	run, err := solver.Open(f, f.NewVector(), sampler)
//
// SAGA's steps on them have loops of their own: on sparse rows an iteration costs what the nonzeros of its row cost.
package linear

import (
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel/glm"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Model describes a generalised linear model: each example is a row x with a label y, and its loss is a function of the
// k outputs z = Wᵀx + c. New makes an Objective of it.
type Model struct {
	Rows   Rows      // the examples: Dense or CSR
	Labels []float64 // of the examples: what they mean is up to the loss
	Loss   Loss

	// Classes is k for Softmax; 0 takes the greatest label + 1. The other losses have one output.
	Classes int
	// Intercept adds c, which is zero without it.
	Intercept bool
	// Type is the type of the weights, in which rows are kept, too.
	Type vector.Type
}

// Loss is the loss of a linear model.
type Loss int

const (
	Logistic Loss = Loss(glm.Logistic) // log(1 + exp(−y z)), labels −1 and 1
	Squared  Loss = Loss(glm.Squared)  // (z − y)²/2, labels any numbers
	Softmax  Loss = Loss(glm.Softmax)  // log Σ exp z_j − z_y, labels 0 to k−1
)

// String names the loss.
func (l Loss) String() string {
	switch l {
	case Logistic:
		return "logistic"
	case Squared:
		return "squared"
	case Softmax:
		return "softmax"
	}
	return "unknown loss"
}

// curvature is the greatest second derivative of the loss in z.
func (l Loss) curvature() float64 {
	switch l {
	case Logistic:
		return 0.25
	case Softmax:
		return 0.5
	}
	return 1
}

// Objective is the objective of a Model:
//
//	f(w) = 1/n Σ ℓ(z_i, y_i),  z_i = Wᵀx_i + c
//
// The weights have a range "weight" of shape (d, k), group "weight", and with an intercept a range "intercept" of shape
// (k), group "bias". There is no regulariser in f: the options L2 and Prox of a solver add it, and Except("bias")
// leaves the intercept out.
//
// Rows are read once for a gradient. Large batches are shared out among threads in parts that don't depend on their
// number, and neither do the bits of the result. SAGA recognises an Objective and steps over sparse rows at the cost of
// their nonzeros.
type Objective struct {
	typed
	model Model
	n, d  int
}

var _ solvers.SAGAStepper = (*Objective)(nil)

// typed is an Objective for one type of element.
type typed interface {
	gradient(w, g *vector.Vector, b batch.Batch) float64
	loss(w *vector.Vector, b batch.Batch) float64
	residuals(w *vector.Vector, b batch.Batch, r []float64) float64
	addOuter(g *vector.Vector, b batch.Batch, r []float64)
	squares() (largest, mean float64)
	gram(v, g *vector.Vector)
	saga(t *solvers.ResidualTable) solvers.Source
}

// New makes the objective of a model. Rows of the model's Type are not copied, and must not change.
//
// No examples, rows that don't fit together, labels that are not the loss's and numbers that aren't finite in the
// model's Type are errors.
func New(m Model) (*Objective, error) {
	if m.Rows == nil {
		return nil, errors.New("linear: model without rows (nil)")
	}
	n, d := m.Rows.size()
	if n < 1 || n > math.MaxInt32 || d < 1 {
		return nil, errors.Errorf("linear: model of %d examples of %d columns, want at least 1 of each", n, d)
	}
	if m.Type != vector.Float32 && m.Type != vector.Float64 {
		return nil, errors.Errorf("linear: model of type %v, want float32 or float64", m.Type)
	}
	if err := m.Rows.check(m.Type); err != nil {
		return nil, errors.Wrap(err, "linear: model")
	}
	if err := m.checkLabels(n); err != nil {
		return nil, errors.Wrap(err, "linear: model")
	}
	o := &Objective{model: m, n: n, d: d}
	if m.Type == vector.Float32 {
		o.typed = newModel[float32](&o.model, n, d)
	} else {
		o.typed = newModel[float64](&o.model, n, d)
	}
	return o, nil
}

// checkLabels validates loss, labels and classes, and sets the number of outputs.
func (m *Model) checkLabels(n int) error {
	if m.Loss < Logistic || m.Loss > Softmax {
		return errors.Errorf("loss %d, want Logistic, Squared or Softmax", int(m.Loss))
	}
	if len(m.Labels) != n {
		return errors.Errorf("%d labels for %d rows", len(m.Labels), n)
	}
	if m.Loss != Softmax && m.Classes > 1 || m.Classes < 0 {
		return errors.Errorf("%d classes with the %v loss", m.Classes, m.Loss)
	}
	const most = 1 << 20
	top := 0.0
	for i, y := range m.Labels {
		switch {
		case m.Loss == Logistic && y != 1 && y != -1:
			return errors.Errorf("label %v of example %d: the logistic loss wants -1 and 1", y, i)
		case m.Loss == Squared && !finite(y, m.Type):
			return errors.Errorf("label %v of example %d is not finite in %v", y, i, m.Type)
		case m.Loss == Softmax && (!(y >= 0 && y < most) || y != math.Trunc(y) || m.Classes > 0 && int(y) >= m.Classes):
			return errors.Errorf("label %v of example %d is no class", y, i)
		}
		top = max(top, y)
	}
	switch {
	case m.Loss != Softmax:
		m.Classes = 1
	case m.Classes == 0:
		m.Classes = int(top) + 1
	}
	if m.Loss == Softmax && m.Classes < 2 {
		return errors.New("softmax over one class, want at least 2")
	}
	return nil
}

// Len is the number of examples.
func (o *Objective) Len() int { return o.n }

// Outputs is the number of outputs k: 1, or the number of classes for Softmax.
func (o *Objective) Outputs() int { return o.model.Classes }

// Columns is the number of columns d of the rows.
func (o *Objective) Columns() int { return o.d }

// NewVector makes a zero vector with the ranges of the weights.
func (o *Objective) NewVector() *vector.Vector {
	params := []vector.Param{{Name: "weight", Shape: []int{o.d, o.model.Classes}, Group: "weight"}}
	if o.model.Intercept {
		params = append(params, vector.Param{Name: "intercept", Shape: []int{o.model.Classes}, Group: "bias"})
	}
	v, err := vector.New(o.model.Type, params...)
	if err != nil {
		panic(err) // New has checked all that can be wrong
	}
	return v
}

// Gradient writes the mean gradient over the examples of b into g and returns their mean loss.
func (o *Objective) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	if err := o.check(b); err != nil {
		return 0, err
	}
	return o.gradient(w, g, b), nil
}

// Loss returns the mean loss over the examples of b.
func (o *Objective) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	if err := o.check(b); err != nil {
		return 0, err
	}
	return o.loss(w, b), nil
}

// Residuals writes ∂ℓ/∂z at w for the examples of b into r, |b|×k row-major, and returns their mean loss.
func (o *Objective) Residuals(w *vector.Vector, b batch.Batch, r []float64) (float64, error) {
	if err := o.check(b); err != nil {
		return 0, err
	}
	return o.residuals(w, b, r), nil
}

// AddOuter adds Σ x_j ⊗ r_j over the examples of b to g.
func (o *Objective) AddOuter(g *vector.Vector, b batch.Batch, r []float64) error {
	if err := o.check(b); err != nil {
		return err
	}
	o.addOuter(g, b, r)
	return nil
}

// check validates a batch.
func (o *Objective) check(b batch.Batch) error {
	if len(b.Index) == 0 {
		return errors.New("linear: model asked for a batch of no examples")
	}
	for _, i := range b.Index {
		if uint(i) >= uint(o.n) {
			return errors.Errorf("linear: example %d outside [0, %d)", i, o.n)
		}
	}
	return nil
}
