package datasets

import (
	"cmp"
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// csvRows is what was read of a CSV file so far.
type csvRows struct {
	CSV
	in      *csv.Reader
	columns []string
	label   int   // column, −1 for none
	targets []int // columns
	values  []int // columns
	x, y    []float32
	labels  []int
	classes map[string]int
	texts   []string // the classes in the order of labels
}

// head finds the columns; first is the first line.
func (s *csvRows) head(first []string) error {
	s.columns = make([]string, len(first))
	for i, text := range first {
		s.columns[i] = strconv.Itoa(i)
		if s.Header {
			s.columns[i] = strings.TrimSpace(text)
		}
	}
	s.label = -1
	called := map[int]bool{}
	find := func(name string) (int, error) {
		i := slices.Index(s.columns, name)
		switch {
		case i < 0:
			return 0, errors.Errorf("no column %q among %d: %s", name, len(s.columns), clip([]byte(strings.Join(s.columns, ", "))))
		case slices.Contains(s.columns[i+1:], name):
			return 0, errors.Errorf("more than one column %q", name)
		case called[i]:
			return 0, errors.Errorf("column %q is called twice", name)
		}
		called[i] = true
		return i, nil
	}
	var err error
	if s.Label != "" {
		if s.label, err = find(s.Label); err != nil {
			return err
		}
	}
	for _, name := range s.Targets {
		i, err := find(name)
		if err != nil {
			return err
		}
		s.targets = append(s.targets, i)
	}
	for _, name := range s.Leave {
		if _, err := find(name); err != nil {
			return err
		}
	}
	for i := range s.columns {
		if !called[i] {
			s.values = append(s.values, i)
		}
	}
	if len(s.values) == 0 {
		return errors.New("no columns of values")
	}
	return s.listClasses()
}

// listClasses takes down the classes that are given.
func (s *csvRows) listClasses() error {
	s.classes = map[string]int{}
	for i, text := range s.Classes {
		if _, twice := s.classes[text]; twice {
			return errors.Errorf("class %q twice", text)
		}
		s.classes[text] = i
	}
	s.texts = slices.Clone(s.Classes)
	return nil
}

// add appends an example.
func (s *csvRows) add(record []string) (err error) {
	if s.label >= 0 {
		if err := s.addLabel(strings.TrimSpace(record[s.label])); err != nil {
			return s.at(s.label, err)
		}
	}
	if s.x, err = s.numbers(s.x, record, s.values); err != nil {
		return err
	}
	s.y, err = s.numbers(s.y, record, s.targets)
	return err
}

func (s *csvRows) addLabel(text string) error {
	label, ok := s.classes[text]
	switch {
	case ok:
	case s.Classes != nil:
		return errors.Errorf("class %q isn't among the %d given", clip([]byte(text)), len(s.Classes))
	case len(s.texts) == maxClasses:
		return errors.Errorf("more than %d classes; a column of numbers to regress on goes into Targets", maxClasses)
	default:
		label = len(s.texts)
		text = strings.Clone(text)
		s.classes[text] = label
		s.texts = append(s.texts, text)
	}
	s.labels = append(s.labels, label)
	return nil
}

// numbers appends the values of some columns.
func (s *csvRows) numbers(to []float32, record []string, columns []int) ([]float32, error) {
	for _, i := range columns {
		text := strings.TrimSpace(record[i])
		x, err := strconv.ParseFloat(text, 32)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, s.at(i, errors.Errorf("%q is not a finite number", clip([]byte(text))))
		}
		to = append(to, float32(x))
	}
	return to, nil
}

// at says in which line and column of the file an error is.
func (s *csvRows) at(column int, err error) error {
	line, _ := s.in.FieldPos(column)
	return errors.WithMessagef(err, "line %d, column %q", line, s.columns[column])
}

// table makes a dataset of the rows.
func (s *csvRows) table() (*Table, error) {
	shape := s.Shape
	if shape == nil {
		shape = []int{len(s.values)}
	}
	if checkShape(shape) != nil || Features(shape) != len(s.values) {
		return nil, errors.Errorf("%d columns of values don't make examples of shape %v", len(s.values), shape)
	}
	if len(s.x) == 0 {
		return nil, errors.New("no examples")
	}
	t := &Table{}
	for _, i := range s.values {
		t.columns = append(t.columns, s.columns[i])
	}
	var err error
	if s.label < 0 {
		t.Examples, err = NewRegression(shape, s.x, s.y, len(s.targets))
	} else {
		if s.Classes == nil {
			s.sortClasses()
		}
		t.names = s.texts
		t.Examples, err = NewExamples(shape, s.x, s.labels, len(s.texts))
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// sortClasses numbers the classes that were found, in an order that isn't that of the lines.
func (s *csvRows) sortClasses() {
	numbers := map[string]int64{}
	for _, text := range s.texts {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			numbers[text] = n
		}
	}
	slices.SortFunc(s.texts, func(a, b string) int {
		if len(numbers) == len(s.texts) && numbers[a] != numbers[b] {
			return cmp.Compare(numbers[a], numbers[b])
		}
		return cmp.Compare(a, b)
	})
	to := make([]int, len(s.texts))
	for label, text := range s.texts {
		to[s.classes[text]] = label
	}
	for i, label := range s.labels {
		s.labels[i] = to[label]
	}
}
