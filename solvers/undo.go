package solvers

// undoLen is the length up to which arrays of a source are copied before each iteration: that of counters, and of
// little else.
const undoLen = 16

// undo puts the short arrays of a source back after an iteration that failed, so that it can be done again. The long
// ones a source leaves as they were, or such that the iteration writes them anew.
type undo struct {
	ints   []copied[int64]
	floats []copied[float64]
}

// clearNonsense sets long arrays of a source to 0 in which an objective that failed has left numbers that aren't
// finite: the iteration writes those anew, and nobody should take them for a divergence meanwhile.
func clearNonsense(s Source) {
	s.Visit(func(name string, array any) {
		if finiteNumbers(name, array, 0) == nil {
			return
		}
		switch x := array.(type) {
		case []float32:
			clear(x)
		case []float64:
			clear(x)
		}
	})
}

// copied is an array with a copy of it.
type copied[T any] struct{ live, before []T }

func newUndo(s Source) *undo {
	u := &undo{}
	s.Visit(func(_ string, array any) {
		switch live := array.(type) {
		case []int64:
			u.ints = addCopied(u.ints, live)
		case []float64:
			u.floats = addCopied(u.floats, live)
		}
	})
	return u
}

func addCopied[T any](to []copied[T], live []T) []copied[T] {
	if len(live) > undoLen {
		return to
	}
	return append(to, copied[T]{live, make([]T, len(live))})
}

// mark copies the arrays.
func (u *undo) mark() {
	for _, c := range u.ints {
		copy(c.before, c.live)
	}
	for _, c := range u.floats {
		copy(c.before, c.live)
	}
}

// back puts them back as they were at the mark.
func (u *undo) back() {
	for _, c := range u.ints {
		copy(c.live, c.before)
	}
	for _, c := range u.floats {
		copy(c.live, c.before)
	}
}
