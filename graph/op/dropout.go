package op

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Dropout sets each element to zero with probability p and scales the others so that the expectation stays (Srivastava
// et al. 2014, in the inverted form).
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
	user   uint64 // its number on the stream
	p      *float64
	stream *Stream
	masker *masker[T]
}

func newDropout[T kernel.Float](p *float64, s *Stream, user uint64) dropout[T] {
	return dropout[T]{user, p, s, new(masker[T])}
}

func (d dropout[T]) String() string { return "dropout" }

func (d dropout[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[0]) == 0 {
		return nil, errors.New("x is a scalar, want (batch, ...)")
	}
	return slices.Clone(in[0]), nil
}

// Extras are the rows' keys, of which the mask is a function.
func (d dropout[T]) Extras(in []tensor.Shape) []Extra {
	return []Extra{{Dtype: tensor.Uint64, Shape: in[0][:1].Clone(), Always: true}}
}

func (d dropout[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	if err := checkProbability(*d.p); err != nil {
		return err
	}
	keys := Elements[uint64](extras[0])
	if _, err := d.stream.keys(d.user, len(keys), keys[:0]); err != nil {
		return err
	}
	d.masker.apply(keys, *d.p, data[T](in[0]), data[T](out))
	return nil
}

func (d dropout[T]) Gradients(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	keys, err := ExtraOf(out, 0)
	if err != nil {
		return nil, err
	}
	dx, err := apply(dropoutGrad[T](d), grad, keys)
	return gorgonia.Nodes{dx}, err
}

// dropoutGrad is the gradient of dropout: inputs dy and the rows' keys.
type dropoutGrad[T kernel.Float] dropout[T]

func (d dropoutGrad[T]) String() string { return "dropout gradient" }

func (d dropoutGrad[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if len(in[1]) != 1 || in[1][0] != in[0][0] {
		return nil, errors.Errorf("gradient of shape %v for keys of shape %v", in[0], in[1])
	}
	return slices.Clone(in[0]), nil
}

func (d dropoutGrad[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	d.masker.apply(Elements[uint64](in[1]), *d.p, data[T](in[0]), data[T](out))
	return nil
}

// masker is the task of masking a batch. It is kept because a task must outlive the call.
type masker[T kernel.Float] struct {
	keys []uint64
	p    float64
	x, y []T
	rows int // of a part
}

// maskedElements is about how many elements a part of a batch has.
const maskedElements = 1 << 14

// apply masks x into y, both of as many rows as there are keys.
func (m *masker[T]) apply(keys []uint64, p float64, x, y []T) {
	width := len(x) / len(keys)
	*m = masker[T]{keys, p, x, y, max(1, maskedElements/width)}
	Parallel((len(keys)+m.rows-1)/m.rows, m)
	*m = masker[T]{}
}

// Run masks the rows of part i.
func (m *masker[T]) Run(i int) {
	width := len(m.x) / len(m.keys)
	for row := i * m.rows; row < min((i+1)*m.rows, len(m.keys)); row++ {
		lo, hi := row*width, (row+1)*width
		pointwise.DropoutRow(m.keys[row], m.p, m.x[lo:hi], m.y[lo:hi])
	}
}
