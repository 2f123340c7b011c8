package datasets

import (
	"bufio"
	"bytes"
	"io"

	"github.com/pkg/errors"
)

// LIBSVM says what the lines of a file of LIBSVM text mean. The zero LIBSVM is the format as LIBSVM itself reads it.
type LIBSVM struct {
	Task Task // what the labels are for: Guess, Classification or Regression
	// ZeroBased says that the first column has the index 0, as in what scikit-learn's dump_svmlight_file writes, and
	// not 1.
	ZeroBased bool
	Unordered bool // whether a line's indices may stand in any order
	Features  int  // number of columns; 0 for the greatest index of the file

	// Classes are the names of the classes by label: numbers, in any spelling. Another label is an error. Nil stands
	// for those that the file has, in their order.
	Classes []string

	// Like is the training set that a file to test on goes with: the file has its task, its names and numbers of the
	// classes, and its number of columns, and counts them from 0 where that one does. Nil for a training set.
	Like Dataset
}

// OpenLIBSVM reads a file of LIBSVM text with the settings of the zero LIBSVM. See LIBSVM.Read.
func OpenLIBSVM(path string) (*Sparse, error) { return LIBSVM{}.Open(path) }

// ReadLIBSVM reads LIBSVM text with the settings of the zero LIBSVM. See LIBSVM.Read.
func ReadLIBSVM(r io.Reader) (*Sparse, error) { return LIBSVM{}.Read(r) }

// Open reads a file of LIBSVM text. See Read.
func (c LIBSVM) Open(path string) (*Sparse, error) { return openText(path, c.read) }

// Read reads LIBSVM text: a line an example, its label and then index:value pairs with ascending indices. Text from a #
// to the end of the line is a comment; empty lines are passed over, and so is a pair qid:number after the label. The
// text may be compressed with gzip or bzip2, be in UTF-16, have a mark of UTF-8, and end its lines in any way.
//
// A label or value that is no finite number of float32, several labels in a line, an index that is below the first,
// above that of the last column or 2^31−1, there twice, or, unless c.Unordered, not greater than the one before, a
// label that isn't among the classes given, and anything else in a line are errors that give the line's number. So is a
// file without an index where the number of columns isn't given, and one that isn't text: the error says what it is.
func (c LIBSVM) Read(r io.Reader) (*Sparse, error) {
	s, err := c.read(r)
	return s, errors.WithMessage(err, "datasets")
}

func (c LIBSVM) read(r io.Reader) (*Sparse, error) {
	rows, err := c.newRows()
	if err != nil {
		return nil, err
	}
	text, err := plainText(r, false)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(text, 1<<16)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			line, err = longLine(in, line)
		}
		if err != nil && err != io.EOF {
			return nil, errors.Wrapf(err, "line %d", number)
		}
		if bad := rows.add(line); bad != nil {
			return nil, errors.WithMessagef(bad, "line %d", number)
		}
		if err == io.EOF {
			return rows.sparse()
		}
	}
}

// maxLine bounds a line, so that a file that isn't text is refused before it fills the memory.
const maxLine = 64 << 20

func longLine(in *bufio.Reader, start []byte) ([]byte, error) {
	line := bytes.Clone(start)
	for {
		more, err := in.ReadSlice('\n')
		line = append(line, more...)
		if len(line) > maxLine {
			return nil, errors.Errorf("over %d bytes long", maxLine)
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}
