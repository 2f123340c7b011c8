package datasets

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// libsvmRows is what was read of a LIBSVM file so far.
type libsvmRows struct {
	LIBSVM
	first   int64 // index of the first column
	last    int64 // greatest index that is allowed
	x       CSR
	y       []float64
	classes *classes // nil where the labels are targets
	labels  []int
	labelOf map[float64]int // label by number: short for classes.label
}

// newRows checks the settings.
func (c LIBSVM) newRows() (*libsvmRows, error) {
	like, err := expectedOf(c.Like, c.Classes)
	if err != nil {
		return nil, err
	}
	features, columns := c.Features, "LIBSVM.Features"
	if like.given {
		columns = "the training set's"
		if features != 0 && features != Features(like.shape) {
			return nil, errors.Errorf("%d features and a training set of %d, want the same", features, Features(like.shape))
		}
		features = Features(like.shape)
	}
	switch {
	case c.Task < Guess || c.Task > Regression:
		return nil, errors.Errorf("%v, want Guess, Classification or Regression", c.Task)
	case c.Task != Guess && like.task != Guess && c.Task != like.task:
		return nil, errors.Errorf("the task is %v, the classes or the training set are given for a %v", c.Task, like.task)
	case like.task == Regression && like.outputs > 1:
		return nil, errors.Errorf("a training set of %d targets an example, a line has 1", like.outputs)
	case features < 0:
		return nil, errors.Errorf("%d features, want at least 1, or 0 for as many as the file has", features)
	case features > math.MaxInt32:
		return nil, errors.Errorf("%d features (%s), the limit is %d", features, columns, math.MaxInt32)
	}
	s := &libsvmRows{LIBSVM: c, first: 1, last: math.MaxInt32, x: CSR{Start: []int{0}, Cols: features}, labelOf: map[float64]int{}}
	s.Task = max(c.Task, like.task)
	if s.ZeroBased = c.ZeroBased || like.zeroBased; s.ZeroBased {
		s.first, s.last = 0, math.MaxInt32-1
	}
	if features > 0 {
		s.last = s.first + int64(features) - 1
	}
	if s.Task == Regression {
		return s, nil
	}
	for _, name := range like.classes {
		if _, err := plain.number(name); err != nil {
			return nil, errors.WithMessage(err, "a label of the file can't be the name of a class")
		}
	}
	s.classes, err = newClasses(like.classes, plain)
	return s, err
}

// add appends the example of one line.
func (s *libsvmRows) add(line []byte) error {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	label, rest := field(line)
	if len(label) == 0 {
		return nil
	}
	if err := s.addLabel(label); err != nil {
		return errors.WithMessage(err, "label")
	}
	if pair, after := field(rest); bytes.HasPrefix(pair, []byte("qid:")) {
		if _, err := plain.float(string(pair[len("qid:"):])); err != nil {
			return errors.WithMessage(err, "qid")
		}
		rest = after
	}
	start, sorted := len(s.x.Col), true
	for last := s.first - 1; ; {
		var pair []byte
		if pair, rest = field(rest); len(pair) == 0 {
			break
		}
		index, value, err := s.pair(pair)
		if err != nil {
			return err
		}
		if index <= last {
			if !s.Unordered || index == last {
				return errors.Errorf("index %d after %d: indices must ascend; LIBSVM.Unordered allows any order, of different ones", index, last)
			}
			sorted = false
		}
		last = index
		s.x.Col = append(s.x.Col, int32(index-s.first))
		s.x.Val = append(s.x.Val, value)
	}
	if !sorted {
		if err := s.sort(start); err != nil {
			return err
		}
	}
	s.x.Start = append(s.x.Start, len(s.x.Col))
	s.x.Rows++
	if n := len(s.x.Col); n > start {
		s.x.Cols = max(s.x.Cols, int(s.x.Col[n-1])+1)
	}
	return nil
}

// addLabel takes a line's label down as a number and, while labels may be classes, as one of them.
func (s *libsvmRows) addLabel(text []byte) error {
	y, err := plain.number(string(text))
	if err != nil {
		switch {
		case bytes.IndexByte(text, ':') >= 0:
			return errors.Errorf("%q is index:value, want the label first: a line without one isn't read", clip(text))
		case bytes.IndexByte(text, ',') >= 0:
			return errors.Errorf("%q is several labels, or has a decimal comma: want one number with a dot; examples of several classes aren't read", clip(text))
		}
		return err
	}
	s.y = append(s.y, y)
	if s.classes == nil {
		return nil
	}
	label, ok := s.labelOf[y]
	if !ok {
		if s.Task == Guess && (y != math.Trunc(y) || len(s.labelOf) == maxClasses) {
			s.classes = nil
			return nil
		}
		name := strconv.FormatFloat(y, 'f', -1, 64)
		if label, err = s.classes.label(name); err != nil {
			return err
		}
		s.labelOf[y] = label
	}
	s.labels = append(s.labels, label)
	return nil
}

// pair reads index:value.
func (s *libsvmRows) pair(pair []byte) (index int64, value float64, err error) {
	i := bytes.IndexByte(pair, ':')
	if i < 0 {
		return 0, 0, errors.Errorf("%q is not index:value", clip(pair))
	}
	text := string(pair[:i])
	index, err = strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && index == 0 && s.first == 1:
		return 0, 0, errors.Errorf("index %q outside [1, %d]: LIBSVM.ZeroBased is for files that count from 0", text, s.last)
	case text == "qid":
		return 0, 0, errors.Errorf("index %q: a qid stands once, after the label", text)
	case err == nil && index > s.last && s.last < math.MaxInt32-1:
		return 0, 0, errors.Errorf("index %d outside [%d, %d]: there are %d features", index, s.first, s.last, s.x.Cols)
	case err != nil || index < s.first || index > s.last:
		return 0, 0, errors.Errorf("index %q outside [%d, %d]", clip(text), s.first, s.last)
	}
	value, err = plain.number(string(pair[i+1:]))
	return index, value, errors.WithMessagef(err, "value of index %d", index)
}

// sort puts the columns of the last row in their order.
func (s *libsvmRows) sort(start int) error {
	col, val := s.x.Col[start:], s.x.Val[start:]
	order := make([]int, len(col))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(col[a]) - int(col[b]) })
	oldCol, oldVal := slices.Clone(col), slices.Clone(val)
	for to, from := range order {
		if col[to], val[to] = oldCol[from], oldVal[from]; to > 0 && col[to] == col[to-1] {
			return errors.Errorf("index %d twice", int64(col[to])+s.first)
		}
	}
	return nil
}

// sparse makes a dataset of the rows.
func (s *libsvmRows) sparse() (*Sparse, error) {
	if s.x.Rows == 0 {
		return nil, errors.New("no examples")
	}
	if s.x.Cols == 0 {
		return nil, errors.New("no example has a value: LIBSVM.Features, or a training set in Like, says how many columns there are")
	}
	d := &Sparse{X: s.x, Y: s.y, zeroBased: s.ZeroBased}
	if s.classes == nil {
		return d, nil
	}
	d.class = s.labels
	d.names = s.classes.finish(s.labels)
	for _, name := range d.names {
		y, err := plain.float(name)
		if err != nil {
			return nil, err
		}
		d.values = append(d.values, y)
	}
	return d, nil
}

// field cuts the first run of bytes that aren't white space off a line.
func field(line []byte) (first, rest []byte) {
	const space = " \t\r\n\v\f"
	line = bytes.TrimLeft(line, space)
	if i := bytes.IndexAny(line, space); i >= 0 {
		return line[:i], line[i:]
	}
	return line, nil
}
