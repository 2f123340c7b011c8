package sizing

import "gorgonia.org/tensor"

// This file is the arithmetic of sizes at two batches: that of the graph as it was built, and another one. A number in
// the graph, such as the target of a reshape, says what a size was; what it is at the other batch follows only if one
// knows where the number comes from.

// factor is one factor of an extent. It moves if it comes from an axis of an input that is fed with another extent, and
// is the same at both batches otherwise.
type factor struct {
	was, is int
	moves   bool
	unit    int // of one that moves: the batch, of which was is a multiple
}

// extent is how many elements an axis has, as a product in the order of the elements: of an axis that joins rows and
// columns the rows are the first factor. No factors are an extent of 1.
type extent []factor

// still is an extent that is n at any batch.
func still(n int) extent {
	if n == 1 {
		return nil
	}
	return extent{{was: n, is: n}}
}

// moved is an extent of which no more is known than what it is at both batches.
func moved(was, is int) extent { return extent{{was: was, is: is, moves: true, unit: was}} }

// unit is what numbers that come from an extent are multiples of, if it moves: the batch, if there is one, and it grows
// as that does.
func (e extent) unit() int {
	n := 1
	for _, f := range e {
		if f.moves {
			n *= f.unit
		}
	}
	return n
}

// was is the extent in the graph as built.
func (e extent) was() int {
	n := 1
	for _, f := range e {
		n *= f.was
	}
	return n
}

// is is the extent at the other batch.
func (e extent) is() int {
	n := 1
	for _, f := range e {
		n *= f.is
	}
	return n
}

// moves says whether the extent depends on what is fed.
func (e extent) moves() bool {
	for _, f := range e {
		if f.moves {
			return true
		}
	}
	return false
}

// same says whether two extents are equal at both batches.
func (e extent) same(f extent) bool { return e.was() == f.was() && e.is() == f.is() }

// times is the extent of two axes made one, e the outer.
func (e extent) times(f extent) extent { return append(append(extent(nil), e...), f...) }

// form is a shape at two batches.
type form []extent

// stillForm is a shape that is the same at any batch.
func stillForm(s tensor.Shape) form {
	f := make(form, len(s))
	for i, n := range s {
		f[i] = still(n)
	}
	return f
}

// was is the shape in the graph as built.
func (f form) was() tensor.Shape {
	s := make(tensor.Shape, len(f))
	for i, e := range f {
		s[i] = e.was()
	}
	return s
}

// is is the shape at the other batch.
func (f form) is() tensor.Shape {
	s := make(tensor.Shape, len(f))
	for i, e := range f {
		s[i] = e.is()
	}
	return s
}

// moves says whether an axis depends on what is fed.
func (f form) moves() bool {
	for _, e := range f {
		if e.moves() {
			return true
		}
	}
	return false
}

// all is the extent of all axes made one.
func (f form) all() extent {
	var all extent
	for _, e := range f {
		all = append(all, e...)
	}
	return all
}

// without is the form without an axis.
func (f form) without(axis int) form { return append(append(form(nil), f[:axis]...), f[axis+1:]...) }

// with is the form with another extent of an axis.
func (f form) with(axis int, e extent) form {
	g := append(form(nil), f...)
	g[axis] = e
	return g
}

// agree is the form of two values whose shapes must be equal, with the finer of their factors, and whether they are
// equal at both batches.
func (f form) agree(g form) (form, bool) {
	if len(f) != len(g) {
		return nil, false
	}
	h := append(form(nil), f...)
	for i, e := range g {
		if !e.same(f[i]) {
			return nil, false
		}
		if len(e) > len(f[i]) {
			h[i] = e
		}
	}
	return h, true
}
