package graph

import (
	"slices"

	"github.com/fallline/fallline/graph/op"
	"gorgonia.org/gorgonia"
)

// unary does an op on every number.
func (m *mix) unary(p mixed) {
	x, s := p.x, p.shape
	f := []func(*gorgonia.Node) (*gorgonia.Node, error){gorgonia.Tanh, gorgonia.Sigmoid, gorgonia.Square, gorgonia.Softplus, gorgonia.Abs, gorgonia.Sin, gorgonia.Mish, gorgonia.Rectify, op.ReLU, op.Tanh, op.Sigmoid, op.GELU}
	m.put("unary", must(f[m.rng.IntN(len(f))](x)), s...)
}

// binary does an op on two values of one shape.
func (m *mix) binary(p mixed) {
	x, s := p.x, p.shape
	f := []func(a, b *gorgonia.Node) (*gorgonia.Node, error){gorgonia.Add, gorgonia.Sub, gorgonia.HadamardProd, gorgonia.MaxBetween, op.Add}
	m.put("binary", must(f[m.rng.IntN(len(f))](x, m.like(p))), s...)
}

// byScalar multiplies by a number that a fold of some value gives.
func (m *mix) byScalar(p mixed) {
	x, s := p.x, p.shape
	f := []func(*gorgonia.Node, ...int) (*gorgonia.Node, error){gorgonia.Mean, gorgonia.Sum}
	q := m.pick()
	sc := must(f[m.rng.IntN(2)](q.x))
	m.put("by scalar", must(gorgonia.HadamardProd(x, must(gorgonia.Tanh(sc)))), s...)
}

// weigh multiplies a matrix by a parameter, from the right or the left.
func (m *mix) weigh(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 {
		return
	}
	if s[1].k == 0 {
		k := m.width()
		m.put("matmul", must(gorgonia.Mul(x, m.r.param(m.name("p"), s[1].c, k))), s[0], lin{0, k})
	} else if s[0].k == 0 {
		k := m.width()
		m.put("matmul left", must(gorgonia.Mul(m.r.param(m.name("p"), k, s[0].c), x)), lin{0, k}, s[1])
	}
}

// multiply multiplies two matrices that there are.
func (m *mix) multiply(p mixed) {
	x, s := p.x, p.shape
	q := m.pick()
	if len(s) != 2 || len(q.shape) != 2 || s[1] != q.shape[0] {
		return
	}
	m.put("matmul pool", must(gorgonia.Mul(x, must(gorgonia.Tanh(q.x)))), s[0], q.shape[1])
}

// gram multiplies a matrix by itself.
func (m *mix) gram(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 {
		return
	}
	m.put("gram", must(gorgonia.Mul(must(gorgonia.Transpose(x)), must(gorgonia.Tanh(x)))), s[1], s[1])
}

// stacked multiplies matrices in a stack.
func (m *mix) stacked(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 3 {
		return
	}
	y := must(gorgonia.Transpose(must(gorgonia.Tanh(x)), 0, 2, 1))
	m.put("bmm", must(gorgonia.BatchedMatMul(x, y)), s[0], s[1], s[1])
}

// contract sums over an axis of two values.
func (m *mix) contract(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	q := m.pick()
	if len(s) == 0 || len(q.shape) == 0 || len(s)+len(q.shape) > 5 || len(s)+len(q.shape) < 3 {
		return
	}
	j := m.rng.IntN(len(q.shape))
	if s[axis] != q.shape[j] {
		return
	}
	m.put("tensordot", must(gorgonia.Tensordot([]int{axis}, []int{j}, x, must(gorgonia.Tanh(q.x)))), append(without(s, axis), without(q.shape, j)...)...)
}

// broadcast does an op on a value and one of 1 along an axis.
func (m *mix) broadcast(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 || len(s) > 4 {
		return
	}
	f := []func(a, b *gorgonia.Node, l, r []byte) (*gorgonia.Node, error){gorgonia.BroadcastAdd, gorgonia.BroadcastSub, gorgonia.BroadcastHadamardProd}[m.rng.IntN(3)]
	t := slices.Clone(s)
	t[axis] = lin{0, 1}
	var y *gorgonia.Node
	if allStill(t) && m.rng.IntN(2) == 0 {
		y = m.r.param(m.name("p"), m.at(t)...)
	} else {
		y = must(gorgonia.Reshape(must(gorgonia.Mean(x, axis)), m.at(t)))
	}
	if m.rng.IntN(2) == 0 {
		m.put("broadcast", must(f(x, y, nil, []byte{byte(axis)})), s...)
	} else {
		m.put("broadcast left", must(f(y, x, []byte{byte(axis)}, nil)), s...)
	}
}

// softmax is the stock one, along an axis.
func (m *mix) softmax(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	m.put("softmax", must(gorgonia.SoftMax(x, axis)), s...)
}

// outer multiplies two vectors to a matrix.
func (m *mix) outer(p mixed) {
	x, s := p.x, p.shape
	q := m.pick()
	if len(s) != 1 || len(q.shape) != 1 {
		return
	}
	m.put("outer", must(gorgonia.OuterProd(x, must(gorgonia.Tanh(q.x)))), s[0], q.shape[0])
}

// rowSoftmax is our softmax.
func (m *mix) rowSoftmax(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 {
		return
	}
	m.put("op.Softmax", must(op.Softmax(x)), s...)
}

// affine is our affine map.
func (m *mix) affine(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 || s[1].k != 0 {
		return
	}
	k := m.width()
	m.put("op.Affine", must(op.Affine(x, m.r.param(m.name("p"), s[1].c, k), m.r.param(m.name("p"), k))), s[0], lin{0, k})
}

// joinLast is our concatenation.
func (m *mix) joinLast(p mixed) {
	x, s := p.x, p.shape
	q := m.pick()
	if len(s) < 2 || len(q.shape) != len(s) || !slices.Equal(q.shape[:len(s)-1], s[:len(s)-1]) {
		q = p
	}
	if len(s) < 2 {
		return
	}
	t := slices.Clone(s)
	e := len(s) - 1
	t[e] = lin{s[e].k + q.shape[e].k, s[e].c + q.shape[e].c}
	m.put("op.Concat", must(op.Concat(x, must(gorgonia.Tanh(q.x)))), t...)
}

// flatten is ours.
func (m *mix) flatten(p mixed) {
	x, s := p.x, p.shape
	if len(s) < 2 {
		return
	}
	l := lin{0, 1}
	for _, e := range s[1:] {
		switch {
		case l.k == 0:
			l = lin{l.c * e.k, l.c * e.c}
		case e.k == 0:
			l = lin{e.c * l.k, e.c * l.c}
		default:
			return
		}
	}
	m.put("op.Flatten", must(op.Flatten(x)), s[0], l)
}

// batchNorm is ours, in training.
func (m *mix) batchNorm(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 || s[1].k != 0 {
		return
	}
	st, err := op.NewBatchNormState(s[1].c, op.DefaultBatchNorm)
	if err != nil {
		panic(err)
	}
	m.put("op.BatchNorm", must(op.BatchNorm(x, m.r.param(m.name("p"), s[1].c), m.r.param(m.name("p"), s[1].c), st, true)), s...)
}

// meanSquared is our loss.
func (m *mix) meanSquared(p mixed) {
	x, s := p.x, p.shape
	if len(s) != 2 {
		return
	}
	m.put("op.MSE", must(op.MeanSquaredError(x, m.like(p))))
}

// constant adds a constant of the value's size, which the batch's may be.
func (m *mix) constant(p mixed) {
	x, s := p.x, p.shape
	if len(s) == 0 || m.rng.IntN(4) > 0 {
		return
	}
	m.put("constant", must(gorgonia.Add(x, gorgonia.NewConstant(random(m.r.dt, m.name("c"), m.at(s)...)))), s...)
}
