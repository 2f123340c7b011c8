package datasets

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// maxClasses is how many different integers labels may take and still be classes.
const maxClasses = 1024

// OpenLIBSVM reads a LIBSVM text file, compressed with gzip if its name ends in .gz. See ReadLIBSVM.
func OpenLIBSVM(path string) (*Sparse, error) { return openText(path, readLIBSVM) }

// ReadLIBSVM reads LIBSVM text: a line an example, its label and then index:value pairs with ascending indices from 1. Text from a # to
// the end of the line is a comment; empty lines are passed over. The number of columns is the greatest index.
//
// A label or value that is no finite number, an index that is below 1, above 2^31−1 or not greater than the one before, and anything else in
// a line are errors that give the line's number.
func ReadLIBSVM(r io.Reader) (*Sparse, error) {
	s, err := readLIBSVM(r)
	return s, errors.WithMessage(err, "datasets")
}

func readLIBSVM(r io.Reader) (*Sparse, error) {
	s := &Sparse{X: CSR{Start: []int{0}}}
	in := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			line, err = longLine(in, line)
		}
		if err != nil && err != io.EOF {
			return nil, errors.Wrapf(err, "line %d", number)
		}
		if bad := s.add(line); bad != nil {
			return nil, errors.Wrapf(bad, "line %d", number)
		}
		if err == io.EOF {
			break
		}
	}
	if s.X.Rows == 0 {
		return nil, errors.New("no examples")
	}
	s.classify()
	return s, nil
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

// add appends the example of one line.
func (s *Sparse) add(line []byte) error {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	label, rest := field(line)
	if len(label) == 0 {
		return nil
	}
	y, err := finite(label)
	if err != nil {
		return errors.Wrap(err, "label")
	}
	last := int64(0)
	for {
		var pair []byte
		if pair, rest = field(rest); len(pair) == 0 {
			break
		}
		index, value, err := parsePair(pair)
		if err != nil {
			return err
		}
		if index <= last {
			return errors.Errorf("index %d after %d: indices must ascend", index, last)
		}
		last = index
		s.X.Col = append(s.X.Col, int32(index-1))
		s.X.Val = append(s.X.Val, value)
	}
	s.Y = append(s.Y, y)
	s.X.Start = append(s.X.Start, len(s.X.Col))
	s.X.Rows++
	s.X.Cols = max(s.X.Cols, int(last))
	return nil
}

// field cuts the first run of bytes that aren't white space off a line.
func field(line []byte) (first, rest []byte) {
	line = bytes.TrimLeft(line, " \t\r\n")
	if i := bytes.IndexAny(line, " \t\r\n"); i >= 0 {
		return line[:i], line[i:]
	}
	return line, nil
}

func parsePair(pair []byte) (index int64, value float64, err error) {
	i := bytes.IndexByte(pair, ':')
	if i < 0 {
		return 0, 0, errors.Errorf("%q is not index:value", clip(pair))
	}
	index, err = strconv.ParseInt(string(pair[:i]), 10, 64)
	if err != nil || index < 1 || index > math.MaxInt32 {
		return 0, 0, errors.Errorf("index %q outside [1, %d]", clip(pair[:i]), math.MaxInt32)
	}
	value, err = finite(pair[i+1:])
	return index, value, errors.Wrapf(err, "value of index %d", index)
}

func finite(text []byte) (float64, error) {
	x, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, errors.Errorf("%q is not a finite number", clip(text))
	}
	return x, nil
}

// clip shortens text for a message.
func clip(text []byte) string {
	const most = 40
	if len(text) > most {
		return string(text[:most]) + "..."
	}
	return string(text)
}

// classify makes the labels classes if they are few integers.
func (s *Sparse) classify() {
	place := map[float64]int{}
	for _, y := range s.Y {
		if y != math.Trunc(y) {
			return
		}
		if place[y] = 0; len(place) > maxClasses {
			return
		}
	}
	for y := range place {
		s.values = append(s.values, y)
	}
	slices.Sort(s.values)
	for i, y := range s.values {
		place[y] = i
	}
	s.class = make([]int, len(s.Y))
	for i, y := range s.Y {
		s.class[i] = place[y]
	}
}
