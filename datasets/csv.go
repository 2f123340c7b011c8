package datasets

import (
	"bufio"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/pkg/errors"
)

// CSV says what the columns of a file of comma-separated values mean. Columns are called by their name in the header,
// or by their number from 0 where there is none. The columns that are neither Label nor among Targets and Leave are an
// example's values, in their order.
type CSV struct {
	Comma   rune     // what stands between columns; a space stands for any run of spaces and tabs
	Header  bool     // whether the first line names the columns
	Label   string   // column of the class, any text; empty for a regression
	Targets []string // columns of the numbers to regress on; none for a classification
	Leave   []string // columns to leave out; a name that several columns have leaves them all out

	// Classes are the texts of the classes by label; another text is an error. Nil stands for those that the file has,
	// in the order of numbers where all are numbers, else of the alphabet. Spellings of one number, such as 1, 1.0 and
	// 01, are one class.
	Classes []string

	// Like is the training set that a file to test on goes with: the file has its names and numbers of the classes, as
	// many targets, its shape, and its columns, in its order whatever the file's is. Nil for a training set.
	Like Dataset

	// Shape is that of an example's values, such as (28, 28, 1); nil for that of Like, or for as many features as there
	// are columns.
	Shape []int

	Decimal   rune // what stands before a number's fraction; 0 stands for a dot
	Thousands rune // what may stand between a number's groups of three digits; 0 stands for nothing
	Latin1    bool // whether the text is in Latin-1 or Windows-1252, and not in UTF-8 or UTF-16

	Missing Missing  // what becomes of a row in which a value is missing
	Marks   []string // texts that stand for a missing value beside those that Missing lists, such as -999
}

// DefaultCSV has commas, a header and a column named label.
var DefaultCSV = CSV{Comma: ',', Header: true, Label: "label"}

// Table is a dataset of rows that were read from a file of comma-separated values.
type Table struct {
	*Examples
	columns []string
	targets []string
	leftOut int
	filled  int
}

// Describe implements Described.
func (t *Table) Describe() Description {
	d := t.Examples.Describe()
	d.Columns, d.targets = t.Columns(), t.targets
	return d
}

// Columns returns the names of the columns of an example's values.
func (t *Table) Columns() []string { return slices.Clone(t.columns) }

// LeftOut is how many rows were left out since a value is missing in them.
func (t *Table) LeftOut() int { return t.leftOut }

// Filled is how many values were missing and got the number of FillIn.
func (t *Table) Filled() int { return t.filled }

// ClassNames returns the texts of the classes by label; none for a regression. A number's is as the file spells it, or,
// where it has several spellings of it, the shortest.
func (t *Table) ClassNames() []string { return t.Examples.ClassNames() }

// OpenCSV reads a file of comma-separated values. See CSV.Read.
func OpenCSV(path string, c CSV) (*Table, error) { return c.Open(path) }

// ReadCSV reads comma-separated values. See CSV.Read.
func ReadCSV(r io.Reader, c CSV) (*Table, error) { return c.Read(r) }

// Open reads a file of comma-separated values. See Read.
func (c CSV) Open(path string) (*Table, error) { return openText(path, c.read) }

// Read reads comma-separated values (RFC 4180): a line an example. Space around a value is passed over, and so are
// empty lines and lines of spaces, and a first line such as sep=; where it agrees with c.Comma. The text may be
// compressed with gzip or bzip2, be in UTF-16, have a mark of UTF-8, and end its lines in any way.
//
// A column that isn't there, is called twice or has no name in the header, a line with another number of columns than
// the first, a value or target that is no finite number of float32, a class that is empty or isn't among c.Classes, and
// more than 1024 classes are errors that give the line and the column; so is a missing value, unless c.Missing says
// otherwise. A file that isn't text is an error that says what it is.
func (c CSV) Read(r io.Reader) (*Table, error) {
	t, err := c.read(r)
	return t, errors.WithMessage(err, "datasets")
}

// records are the lines of a file, cut into columns.
type records interface {
	Read() ([]string, error)
	FieldPos(column int) (line, place int) // of the record that was read last
}

func (c CSV) read(r io.Reader) (*Table, error) {
	s, err := c.newRows()
	if err != nil {
		return nil, err
	}
	text, err := plainText(r, c.Latin1)
	if err != nil {
		if err == errEmpty {
			err = errors.New("no lines: the file is empty")
		}
		return nil, err
	}
	in := bufio.NewReader(text)
	if err := s.passSeparator(in); err != nil {
		return nil, err
	}
	s.in = c.records(in)
	for {
		record, err := s.in.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = s.take(record)
		} else {
			err = s.cutting(err)
		}
		if err != nil {
			return nil, err
		}
	}
	if s.columns == nil {
		return nil, errors.New("no lines")
	}
	return s.table()
}

// records cuts text into columns.
func (c CSV) records(in io.Reader) records {
	if c.Comma == ' ' {
		return &spaced{in: bufio.NewReader(in)}
	}
	out := csv.NewReader(in)
	out.Comma, out.ReuseRecord, out.TrimLeadingSpace, out.FieldsPerRecord = c.Comma, true, !unicode.IsSpace(c.Comma), -1
	return out
}

// passSeparator passes over the line by which Excel tells itself the separator.
func (s *csvRows) passSeparator(in *bufio.Reader) error {
	head, _ := in.Peek(len("sep=") + 2)
	if comma, ok := strings.CutPrefix(strings.ToLower(string(head)), "sep="); ok && len(comma) == 2 && comma[1] == '\n' {
		if rune(comma[0]) != s.Comma {
			return errors.Errorf("line 1: %q, but CSV.Comma is %q", "sep="+comma[:1], s.Comma)
		}
		in.Discard(len(head))
		s.passed = 1
	}
	return nil
}
