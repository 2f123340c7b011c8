package datasets

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"

	"github.com/pkg/errors"
)

// An IDX file is two zero bytes, a byte for the type of element, a byte for the number of dimensions, each dimension in
// four bytes, big-endian, and the elements, row-major.
type idxFile struct {
	kind byte // type of the elements
	dims []int
	data []uint8 // the elements' bytes
}

const (
	// maxIDX is the most bytes of elements that a file may have: a header can't make the reader take more memory.
	maxIDX = 1 << 30
	// maxIDXDims is the most dimensions that a file may have.
	maxIDXDims = 4
	// typeUint8 is the type of images' elements.
	typeUint8 = 8
	// typeInt32 is that of QMNIST's labels.
	typeInt32 = 12
	// maxInflate bounds how many bytes gzip makes of one: deflate's densest code is 258 bytes in 2 bits.
	maxInflate = 1032
)

// widthsIDX are how many bytes the types of element have that are read.
var widthsIDX = map[byte]int64{8: 1, 9: 1, 11: 2, 12: 4}

// typesIDX are the types of element that the format has.
var typesIDX = map[byte]string{8: "uint8", 9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}

// readIDX reads a file of size bytes, which may be compressed with gzip: its first two bytes tell.
func readIDX(r io.Reader, size int64) (idxFile, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, _ := in.Peek(sniffed)
	if bytes.HasPrefix(head, []byte(gzipMark)) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return idxFile{}, errors.Wrap(err, "gzip header")
		}
		return parseIDX(z, min(size, math.MaxInt64/maxInflate)*maxInflate, false)
	}
	f, err := parseIDX(in, size, true)
	if err != nil && len(head) >= 4 && !isIDX(head) {
		if kind := checkKind(head); kind != nil {
			err = errors.Errorf("%v; %v", err, kind)
		}
	}
	return f, err
}

// first returns each row's first element as a label.
func (f *idxFile) first() ([]int, error) {
	labels := make([]int, f.dims[0])
	size := len(f.data) / len(labels)
	for i := range labels {
		b := f.data[i*size:]
		switch widthsIDX[f.kind] {
		case 1:
			labels[i] = int(b[0])
		case 2:
			labels[i] = int(int16(binary.BigEndian.Uint16(b)))
		default:
			labels[i] = int(int32(binary.BigEndian.Uint32(b)))
		}
		if labels[i] < 0 || labels[i] >= maxClasses || f.kind == 9 && b[0] > 127 {
			return nil, errors.Errorf("label %d of image %d outside [0, %d)", labels[i], i, maxClasses)
		}
	}
	return labels, nil
}

// parseIDX reads a file that has at most size bytes, or, where exact is set, exactly size.
func parseIDX(r io.Reader, size int64, exact bool) (f idxFile, err error) {
	var magic [4]byte
	if err := readFull(r, magic[:], 0, "the magic number"); err != nil {
		return f, err
	}
	if magic[0] != 0 || magic[1] != 0 || typesIDX[magic[2]] == "" {
		return f, errors.Errorf("offset 0: found % x, want 00 00 08 and the number of dimensions: not an IDX file", magic)
	}
	f.kind = magic[2]
	width := widthsIDX[f.kind]
	if width == 0 {
		return f, errors.Errorf("offset 2: found elements of type %s, want uint8", typesIDX[magic[2]])
	}
	if magic[3] < 1 || magic[3] > maxIDXDims {
		return f, errors.Errorf("offset 3: found %d dimensions, want 1 to %d", magic[3], maxIDXDims)
	}
	head := make([]byte, 4*int(magic[3]))
	if err := readFull(r, head, 4, "the dimensions"); err != nil {
		return f, err
	}
	n := width
	for i := 0; i < len(head); i += 4 {
		d := int64(binary.BigEndian.Uint32(head[i:]))
		if d == 0 {
			return f, errors.Errorf("offset %d: dimension %d is 0, want at least 1", 4+i, i/4)
		}
		if n > maxIDX/d {
			return f, errors.Errorf("offset %d: the dimensions up to %d make over %d bytes, the most that is read", 4+i, d, maxIDX)
		}
		n *= d
		f.dims = append(f.dims, int(d))
	}
	at := int64(len(magic) + len(head))
	if have := size - at; have < n || exact && have != n {
		return f, sizeError(f.dims, at, n, have, exact)
	}
	f.data = make([]uint8, n)
	if err := readFull(r, f.data, at, "elements"); err != nil {
		return f, err
	}
	return f, atEnd(r, at+n)
}

func sizeError(dims []int, at, want, have int64, exact bool) error {
	switch {
	case !exact:
		return errors.Errorf("offset %d: want %d bytes for dimensions %v, the compressed file can't hold more than %d", at, want, dims, have)
	case have < want:
		return errors.Errorf("offset %d: want %d bytes for dimensions %v, found %d: truncated", at, want, dims, have)
	default:
		return errors.Errorf("offset %d: want the end of the file after dimensions %v, found %d more bytes", at+want, dims, have-want)
	}
}

func readFull(r io.Reader, b []byte, at int64, what string) error {
	n, err := io.ReadFull(r, b)
	switch err {
	case nil:
		return nil
	case io.EOF, io.ErrUnexpectedEOF:
		return errors.Errorf("offset %d: want %d bytes of %s, found %d: truncated", at, len(b), what, n)
	}
	return errors.Wrapf(err, "offset %d: %s", at+int64(n), what)
}

// atEnd makes sure that nothing follows; for gzip this also checks the checksum.
func atEnd(r io.Reader, at int64) error {
	var b [1]byte
	switch n, err := io.ReadFull(r, b[:]); {
	case n > 0:
		return errors.Errorf("offset %d: want the end of the data, found more", at)
	case err == io.EOF:
		return nil
	default:
		return errors.Wrapf(err, "offset %d: after the data", at)
	}
}
