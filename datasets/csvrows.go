package datasets

import (
	"encoding/csv"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// csvRows is what was read of a CSV file so far.
type csvRows struct {
	CSV
	numberFormat
	like    expected
	marks   map[string]bool
	in      records
	passed  int // lines before those that in counts
	columns []string
	label   int   // column, −1 for none
	targets []int // columns
	values  []int // columns
	x, y    []float32
	labels  []int
	classes *classes
	leftOut int
	filled  int
}

// newRows checks the settings.
func (c CSV) newRows() (*csvRows, error) {
	if (c.Label == "") == (len(c.Targets) == 0) {
		return nil, errors.Errorf("label %q and targets %q, want one of the two", c.Label, c.Targets)
	}
	s := &csvRows{CSV: c, numberFormat: numberFormat{c.Decimal, c.Thousands}, label: -1, marks: map[string]bool{}}
	if s.decimal == 0 {
		s.decimal = '.'
	}
	for _, sign := range []struct {
		name string
		is   rune
	}{{"Comma", c.Comma}, {"Decimal", s.decimal}, {"Thousands", s.thousands}} {
		if strings.ContainsRune("+-0123456789eE\"\r\n", sign.is) || !utf8.ValidRune(sign.is) || sign.is == utf8.RuneError {
			return nil, errors.Errorf("CSV.%s is %q, which numbers or lines have in another place", sign.name, sign.is)
		}
	}
	if c.Comma == 0 {
		return nil, errors.New("CSV.Comma is 0, want what stands between columns, such as ',', ';' or '\\t'; DefaultCSV has a comma")
	}
	if s.decimal == s.thousands {
		return nil, errors.Errorf("CSV.Decimal and CSV.Thousands are both %q", s.decimal)
	}
	if err := c.Missing.check(); err != nil {
		return nil, err
	}
	for _, m := range c.Marks {
		s.marks[s.canonical(strings.TrimSpace(m))] = true
	}
	var err error
	if s.like, err = expectedOf(c.Like, c.Classes); err != nil {
		return nil, err
	}
	switch {
	case s.like.task == Classification && c.Label == "":
		return nil, errors.Errorf("targets %q, the classes or the training set are given for a %v", c.Targets, s.like.task)
	case s.like.task == Regression && c.Label != "":
		return nil, errors.Errorf("label %q, the training set is a %v", c.Label, s.like.task)
	case s.like.outputs > 0 && s.like.outputs != len(c.Targets):
		return nil, errors.Errorf("targets %q, the training set has %d", c.Targets, s.like.outputs)
	case s.like.targets != nil && !slices.Equal(s.like.targets, c.Targets):
		return nil, errors.Errorf("targets %q, the training set has %q", c.Targets, s.like.targets)
	}
	s.classes, err = newClasses(s.like.classes, s.numberFormat)
	return s, err
}

// take takes a line in.
func (s *csvRows) take(record []string) error {
	if len(record) == 1 && strings.TrimSpace(record[0]) == "" {
		return nil // a line of spaces: no table has but one column
	}
	if s.columns == nil {
		if err := s.head(record); err != nil || s.Header {
			return err
		}
	}
	if len(record) != len(s.columns) {
		line, _ := s.in.FieldPos(0)
		hint := ""
		if len(record) == len(s.columns)+1 && s.Header && len(s.labels)+len(s.y) == 0 {
			hint = ": a header without a name for the row names, as R's write.table writes it?"
		}
		return errors.Errorf("record on line %d: wrong number of fields: %d, the first line has %d%s", line+s.passed, len(record), len(s.columns), hint)
	}
	return s.add(record)
}

// add appends an example.
func (s *csvRows) add(record []string) (err error) {
	if s.Missing.policy == leaveOutMissing && s.lacks(record) {
		s.leftOut++
		return nil
	}
	if s.label >= 0 {
		if err := s.addLabel(strings.TrimSpace(record[s.label])); err != nil {
			return s.at(s.label, err)
		}
	}
	if s.x, err = s.numbers(s.x, record, s.values, s.Missing.policy == fillMissing); err != nil {
		return err
	}
	s.y, err = s.numbers(s.y, record, s.targets, false)
	return err
}

func (s *csvRows) addLabel(text string) error {
	if s.lacksClass(text) {
		what := "an empty text for the class"
		if text != "" {
			what = "class " + clip(text) + " reads like a missing value: Classes may name it"
		}
		return errors.New(what + "; Missing: LeaveOut leaves such rows out")
	}
	if !utf8.ValidString(text) {
		return errors.Errorf("class %q is not UTF-8: CSV.Latin1 is for files in Latin-1 or Windows-1252", clip(text))
	}
	label, err := s.classes.label(text)
	if err != nil {
		if !s.classes.given {
			err = errors.Errorf("%v; a column of numbers to regress on goes into Targets", err)
		}
		return err
	}
	s.labels = append(s.labels, label)
	return nil
}

// numbers appends the values of some columns.
func (s *csvRows) numbers(to []float32, record []string, columns []int, fill bool) ([]float32, error) {
	for _, i := range columns {
		text := strings.TrimSpace(record[i])
		missing := s.isMissing(text)
		if missing && fill {
			s.filled++
			to = append(to, float32(s.Missing.fill))
			continue
		}
		x, err := s.number(text)
		switch {
		case missing:
			err = errors.Errorf("%q is not a finite number: where a value is missing, CSV.Missing says what becomes of it", clip(text))
		case err != nil && s.oddNotation(text):
			err = errors.Errorf("%v: CSV.Decimal and CSV.Thousands say how numbers are written", err)
		case err != nil && !s.Header && len(s.x)+len(s.y)+s.leftOut < len(columns):
			err = errors.Errorf("%v: CSV.Header says whether the first line names the columns", err)
		}
		if err != nil {
			return nil, s.at(i, err)
		}
		to = append(to, float32(x))
	}
	return to, nil
}

// oddNotation says whether a text would be a number if numbers were written in another way.
func (s *csvRows) oddNotation(text string) bool {
	_, err := s.float(text)
	return err != nil && strings.Trim(text, "+-0123456789eE., '\u00a0\u2009\u202f") == "" && strings.ContainsAny(text, "0123456789")
}

// at says in which line and column of the file an error is.
func (s *csvRows) at(column int, err error) error {
	line, _ := s.in.FieldPos(column)
	return errors.WithMessagef(err, "line %d, column %q", line+s.passed, s.columns[column])
}

// cutting is an error of cutting a line into columns.
func (s *csvRows) cutting(err error) error {
	if p := new(csv.ParseError); errors.As(err, &p) {
		p.Line += s.passed
		p.StartLine += s.passed
	}
	return errors.WithStack(err)
}

// table makes a dataset of the rows.
func (s *csvRows) table() (*Table, error) {
	shape := s.Shape
	if shape == nil {
		shape = s.like.shape
	}
	if shape == nil {
		shape = []int{len(s.values)}
	}
	if checkShape(shape) != nil || Features(shape) != len(s.values) {
		return nil, errors.Errorf("%d columns of values don't make examples of shape %v", len(s.values), shape)
	}
	if len(s.x) == 0 {
		if s.leftOut > 0 {
			return nil, errors.Errorf("no examples: all %d rows lack a value and were left out", s.leftOut)
		}
		return nil, errors.New("no examples")
	}
	t := &Table{targets: s.Targets, leftOut: s.leftOut, filled: s.filled}
	for _, i := range s.values {
		t.columns = append(t.columns, s.columns[i])
	}
	var err error
	if s.label < 0 {
		t.Examples, err = NewRegression(shape, s.x, s.y, len(s.targets))
	} else {
		names := s.classes.finish(s.labels)
		if t.Examples, err = NewExamples(shape, s.x, s.labels, len(names)); err == nil {
			t.Examples.names = names
		}
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}
