package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Concat puts values side by side along the last axis: the channels of images, the features of rows.
//
//	y[..., :] = a[..., :], b[..., :], ...        each (batch, ..., nᵢ), alike but for nᵢ; y (batch, ..., Σ nᵢ)
//
//	da, db, ... = the parts of dy
//
// One value alone is returned as it is.
func Concat(nodes ...*gorgonia.Node) (*gorgonia.Node, error) {
	if len(nodes) == 0 {
		return nil, errors.New("op: concat: no inputs")
	}
	dt, err := operands("concat", nodes...)
	if err != nil {
		return nil, err
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return apply(pick(dt, concat[float32]{}, concat[float64]{}), nodes...)
}

type concat[T kernel.Float] struct{}

func (concat[T]) String() string { return "concat" }

func (concat[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	last := len(in[0]) - 1
	if last < 1 {
		return nil, errors.Errorf("input 0 has shape %v, want (batch, ..., n) of rank 2 or more", in[0])
	}
	s := in[0].Clone()
	for i, t := range in[1:] {
		if len(t) != len(s) || !equal(t[:last], s[:last]) {
			return nil, errors.Errorf("input %d has shape %v, input 0 %v: want them alike but for the last axis", i+1, t, in[0])
		}
		s[last] += t[last]
	}
	return s, nil
}

func (concat[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	y, width := data[T](out), lastOf(out.Shape())
	from := 0
	for _, v := range in {
		n := lastOf(v.Shape())
		for x, at := data[T](v), from; len(x) > 0; x, at = x[n:], at+width {
			copy(y[at:at+n], x[:n])
		}
		from += n
	}
	return nil
}

func (concat[T]) Gradients(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	nodes := make(gorgonia.Nodes, len(in))
	from := 0
	for i, n := range in {
		width := lastOf(n.Shape())
		part, err := apply(concatPart[T]{from, width}, grad)
		if err != nil {
			return nil, err
		}
		nodes[i] = part
		from += width
	}
	return nodes, nil
}

// concatPart is the gradient by one of a concat's inputs: elements from to from + width − 1 of each row of dy.
type concatPart[T kernel.Float] struct{ from, width int }

func (concatPart[T]) String() string { return "concat gradient" }

func (p concatPart[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	s := in[0].Clone()
	if lastOf(s) < p.from+p.width {
		return nil, errors.Errorf("gradient of shape %v, want at least %d as the last axis", s, p.from+p.width)
	}
	s[len(s)-1] = p.width
	return s, nil
}

func (p concatPart[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	dy, n := data[T](in[0]), lastOf(in[0].Shape())
	for dx, at := data[T](out), p.from; len(dx) > 0; dx, at = dx[p.width:], at+n {
		copy(dx[:p.width], dy[at:at+p.width])
	}
	return nil
}

// lastOf is the size of a shape's last axis.
func lastOf(s tensor.Shape) int { return s[len(s)-1] }
