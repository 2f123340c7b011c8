package datasets

import (
	"bufio"
	"encoding/csv"
	"io"
	"slices"
	"unicode"

	"github.com/pkg/errors"
)

// CSV says what the columns of a file of comma-separated values mean. Columns are called by their name in the header, or by their number
// from 0 where there is none. The columns that are neither Label nor among Targets and Leave are an example's values, in their order.
type CSV struct {
	Comma   rune     // what stands between columns
	Header  bool     // whether the first line names the columns
	Label   string   // column of the class, any text; empty for a regression
	Targets []string // columns of the numbers to regress on; none for a classification
	Leave   []string // columns to leave out

	// Classes are the texts of the classes by label; another text is an error. Nil stands for those that the file has, in the order
	// of numbers where all are whole numbers, else of the alphabet. Give a test file the ClassNames of the training file.
	Classes []string

	// Shape is that of an example's values, such as (28, 28, 1); nil for as many features as there are columns.
	Shape []int
}

// DefaultCSV has commas, a header and a column named label.
var DefaultCSV = CSV{Comma: ',', Header: true, Label: "label"}

// Table is a dataset of rows that were read from a file of comma-separated values.
type Table struct {
	*Examples
	columns []string
	names   []string
}

// Columns returns the names of the columns of an example's values.
func (t *Table) Columns() []string { return slices.Clone(t.columns) }

// ClassNames returns the texts of the classes by label; none for a regression.
func (t *Table) ClassNames() []string { return slices.Clone(t.names) }

// OpenCSV reads a file of comma-separated values, compressed with gzip if its name ends in .gz. See ReadCSV.
func OpenCSV(path string, c CSV) (*Table, error) { return openText(path, c.read) }

// ReadCSV reads comma-separated values (RFC 4180): a line an example. Space around a value is passed over, and so are empty lines.
//
// A column that isn't there or is called twice, a line with another number of columns than the first, a value or target that is no
// finite number, a class that isn't among c.Classes, and more than 1024 classes are errors that give the line and the column.
func ReadCSV(r io.Reader, c CSV) (*Table, error) {
	t, err := c.read(r)
	return t, errors.WithMessage(err, "datasets")
}

func (c CSV) read(r io.Reader) (*Table, error) {
	if (c.Label == "") == (len(c.Targets) == 0) {
		return nil, errors.Errorf("label %q and targets %q, want one of the two", c.Label, c.Targets)
	}
	text := bufio.NewReader(r)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" { // Excel's mark of UTF-8
		text.Discard(3)
	}
	in := csv.NewReader(text)
	in.Comma, in.ReuseRecord, in.TrimLeadingSpace = c.Comma, true, !unicode.IsSpace(c.Comma)
	first, err := in.Read()
	if err == io.EOF {
		return nil, errors.New("no lines")
	}
	if err != nil {
		return nil, errors.WithStack(err)
	}
	s := csvRows{CSV: c, in: in}
	if err := s.head(first); err != nil {
		return nil, err
	}
	if !c.Header {
		if err := s.add(first); err != nil {
			return nil, err
		}
	}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return s.table()
		}
		if err != nil {
			return nil, errors.WithStack(err)
		}
		if err := s.add(record); err != nil {
			return nil, err
		}
	}
}
