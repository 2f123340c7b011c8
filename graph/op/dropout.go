package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Dropout sets each element to zero with probability p and scales the others so that the expectation stays (Srivastava et al.
// 2014, in the inverted form).
//
//	y_i = m_i·x_i/(1 − p), m_i 0 with probability p, else 1    x, y (batch, ...)    dx_i = m_i·dy_i/(1 − p)
//
// p is in [0, 1). The mask is a function of the stream, see Stream. A graph for evaluation leaves the operation out.
func Dropout(x *gorgonia.Node, p float64, s *Stream) (*gorgonia.Node, error) {
	return DropoutVar(x, &p, s)
}

// DropoutVar is Dropout with a probability that may change from one run to the next: *p is read at each run.
func DropoutVar(x *gorgonia.Node, p *float64, s *Stream) (*gorgonia.Node, error) {
	dt, err := operands("dropout", x)
	if err != nil {
		return nil, err
	}
	if p == nil || s == nil {
		return nil, errors.New("op: dropout: the probability or the stream is nil")
	}
	if err := checkProbability(*p); err != nil {
		return nil, errors.WithMessage(err, "op: dropout")
	}
	user := s.join()
	return apply(pick(dt, newDropout[float32](p, s, user), newDropout[float64](p, s, user)), x)
}

func checkProbability(p float64) error {
	if !(p >= 0 && p < 1) {
		return errors.Errorf("probability %v outside [0, 1)", p)
	}
	return nil
}

type dropout[T kernel.Float] struct {
	id     uint64
	user   uint64
	p      *float64
	stream *Stream
	mask   *mask[T]
}

// mask is the randomness of the last forward pass, and the task of applying it to a batch.
type mask[T kernel.Float] struct {
	keys []uint64
	p    float64
	x, y []T
	rows int // of a task
}

func newDropout[T kernel.Float](p *float64, s *Stream, user uint64) dropout[T] {
	return dropout[T]{newID(), user, p, s, new(mask[T])}
}

func (d dropout[T]) String() string { return "dropout" }

func (d dropout[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) == 0 {
		return nil, errors.New("x is a scalar, want (batch, ...)")
	}
	return slices.Clone(in[0]), nil
}

func (d dropout[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	m := d.mask
	if err := checkProbability(*d.p); err != nil {
		return err
	}
	keys, err := d.stream.keys(d.user, in[0].Shape()[0], m.keys[:0])
	if err != nil {
		return err
	}
	m.keys, m.p = keys, *d.p
	m.apply(data[T](in[0]), data[T](out))
	return nil
}

// taskElements is about how many elements a task of apply takes.
const taskElements = 1 << 14

// apply masks x into y, both of as many rows as there are keys.
func (m *mask[T]) apply(x, y []T) {
	width := len(x) / len(m.keys)
	m.x, m.y, m.rows = x, y, max(1, taskElements/width)
	kernel.Parallel((len(m.keys)+m.rows-1)/m.rows, m)
	m.x, m.y = nil, nil
}

// Run masks the rows of task i.
func (m *mask[T]) Run(i int) {
	width := len(m.x) / len(m.keys)
	for row := i * m.rows; row < min((i+1)*m.rows, len(m.keys)); row++ {
		lo, hi := row*width, (row+1)*width
		kernel.DropoutRow(m.keys[row], m.p, m.x[lo:hi], m.y[lo:hi])
	}
}

func (d dropout[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, err := apply(dropoutGrad[T]{d.id, d.mask}, grad, out)
	return gorgonia.Nodes{dx}, err
}

// dropoutGrad is the gradient of dropout: inputs dy, and y, which puts it behind the forward pass.
type dropoutGrad[T kernel.Float] struct {
	id   uint64
	mask *mask[T]
}

func (d dropoutGrad[T]) String() string { return "dropout gradient" }

func (d dropoutGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) { return sameShape(in) }

func (d dropoutGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	if rows := in[0].Shape()[0]; rows != len(d.mask.keys) {
		return errors.Errorf("gradient of %d rows after a forward pass of %d", rows, len(d.mask.keys))
	}
	d.mask.apply(data[T](in[0]), data[T](out))
	return nil
}
