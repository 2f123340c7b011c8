package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// reduce folds an axis.
func (m *mix) reduce(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	f := []func(*gorgonia.Node, ...int) (*gorgonia.Node, error){gorgonia.Mean, gorgonia.Sum, gorgonia.Max}
	m.put("reduce", must(f[m.rng.IntN(3)](x, axis)), without(s, axis)...)
}

// reduceTwo folds two axes.
func (m *mix) reduceTwo(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) < 3 {
		return
	}
	f := []func(*gorgonia.Node, ...int) (*gorgonia.Node, error){gorgonia.Mean, gorgonia.Sum}
	b := (axis + 1 + m.rng.IntN(len(s)-1)) % len(s)
	lo, hi := min(axis, b), max(axis, b)
	m.put("reduce2", must(f[m.rng.IntN(2)](x, lo, hi)), without(without(s, hi), lo)...)
}

// transpose puts axes in another order.
func (m *mix) transpose(p mixed) {
	x, s := p.x, p.shape
	if len(s) < 2 {
		return
	}
	perm := m.rng.Perm(len(s))
	var t []lin
	for _, i := range perm {
		t = append(t, s[i])
	}
	m.put(fmt.Sprint("transpose", perm), must(gorgonia.Transpose(x, perm...)), t...)
}

// merge makes one axis of two.
func (m *mix) merge(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) < 2 || axis == len(s)-1 {
		return
	}
	a, b := s[axis], s[axis+1]
	var l lin
	switch {
	case a.k == 0:
		l = lin{a.c * b.k, a.c * b.c}
	case b.k == 0:
		l = lin{b.c * a.k, b.c * a.c}
	default:
		return
	}
	t := without(s, axis+1)
	t[axis] = l
	m.put("merge", must(gorgonia.Reshape(x, m.at(t))), t...)
}

// split makes two axes of one.
func (m *mix) split(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	l := s[axis]
	f := []int{1, 2, 3, 4, 6}[m.rng.IntN(5)]
	if l.k%f != 0 || l.c%f != 0 {
		return
	}
	t := slices.Clone(s)
	t[axis] = lin{l.k / f, l.c / f}
	t = slices.Insert(t, axis+m.rng.IntN(2), lin{0, f})
	m.put("split", must(gorgonia.Reshape(x, m.at(t))), t...)
}

// reshape makes any axes of a value.
func (m *mix) reshape(p mixed) {
	x, s := p.x, p.shape
	k, mv := 1, lin{0, 1}
	for _, e := range s {
		switch {
		case e.k == 0:
			k *= e.c
		case mv.k != 0:
			return
		default:
			mv = e
		}
	}
	for _, d := range []int{2, 3, 4, 6, 8} {
		if m.rng.IntN(2) == 0 && mv.k != 0 && mv.k%d == 0 && mv.c%d == 0 {
			mv, k = lin{mv.k / d, mv.c / d}, k*d
		}
	}
	t := []lin{}
	for range m.rng.IntN(3) {
		d := []int{1, 2, 3, 4, 8}[m.rng.IntN(5)]
		if k%d == 0 {
			t, k = append(t, lin{0, d}), k/d
		}
	}
	if mv.k != 0 {
		if m.rng.IntN(3) == 0 {
			mv, k = lin{mv.k * k, mv.c * k}, 1
		}
		t = slices.Insert(t, m.rng.IntN(len(t)+1), mv)
	}
	if k > 1 || len(t) == 0 {
		t = slices.Insert(t, m.rng.IntN(len(t)+1), lin{0, k})
	}
	m.put("reshape", must(gorgonia.Reshape(x, m.at(t))), t...)
}

// join joins two values along an axis.
func (m *mix) join(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	q := m.pick()
	if len(q.shape) != len(s) || !slices.Equal(without(q.shape, axis), without(s, axis)) {
		q = p
	}
	t := slices.Clone(s)
	t[axis] = lin{s[axis].k + q.shape[axis].k, s[axis].c + q.shape[axis].c}
	y := q.x
	if q.x == x {
		y = must(gorgonia.Tanh(x))
	}
	m.put("concat", must(gorgonia.Concat(axis, x, y)), t...)
}

// joinParam joins a value and a parameter along an axis.
func (m *mix) joinParam(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 || !allStill(without(s, axis)) {
		return
	}
	t := slices.Clone(s)
	k := m.width()
	t[axis] = lin{0, k}
	y := m.r.param(m.name("p"), m.at(t)...)
	t[axis] = lin{s[axis].k, s[axis].c + k}
	if m.rng.IntN(2) == 0 {
		m.put("concat param", must(gorgonia.Concat(axis, x, y)), t...)
	} else {
		m.put("concat param first", must(gorgonia.Concat(axis, y, x)), t...)
	}
}

// slice takes all, half, the middle or the rest of an axis.
func (m *mix) slice(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	l := s[axis]
	sl := make([]tensor.Slice, len(s))
	t := slices.Clone(s)
	switch m.rng.IntN(4) {
	case 0: // all
		sl[axis] = gorgonia.S(0, l.at(m.r.n))
	case 1: // the first n of 2n, or half
		if l.k%2 != 0 || l.c%2 != 0 {
			return
		}
		h := lin{l.k / 2, l.c / 2}
		sl[axis] = gorgonia.S(h.at(m.r.n), l.at(m.r.n))
		t[axis] = h
	case 2:
		if l.k != 0 || l.c < 3 {
			return
		}
		sl[axis] = gorgonia.S(1, 3)
		t[axis] = lin{0, 2}
	case 3:
		if l.k == 0 || l.c < 2 {
			return
		}
		sl[axis] = gorgonia.S(l.k*m.r.n, l.at(m.r.n))
		t[axis] = lin{0, l.c}
	}
	if t[axis] == (lin{0, 1}) {
		t = without(t, axis)
	}
	m.put("slice", must(gorgonia.Slice(x, sl...)), t...)
}

// norm folds an axis to lengths.
func (m *mix) norm(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	m.put("norm", must(gorgonia.Norm(x, axis, 2)), without(s, axis)...)
}

// bySize multiplies by how long an axis is.
func (m *mix) bySize(p mixed) {
	x, s := p.x, p.shape
	axis := m.axis(p)
	if len(s) == 0 {
		return
	}
	m.put("sizeof", must(gorgonia.HadamardProd(x, must(gorgonia.SizeOf(axis, x)))), s...)
}
