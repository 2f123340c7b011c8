package checkpoint

import (
	"encoding/binary"
	"io"
	"math"
	"os"

	"github.com/pkg/errors"
)

// maxHeader is the longest header the format allows, in bytes.
const maxHeader = 100_000_000

// Load reads a checkpoint. An error says what in the file is wrong, and nothing of the file is returned then.
func Load(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "checkpoint: load")
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Wrap(err, "checkpoint: load")
	}
	if !st.Mode().IsRegular() {
		return nil, errors.Errorf("checkpoint: load %s: not a regular file", path)
	}
	c, err := read(f, st.Size())
	return c, errors.WithMessagef(err, "checkpoint: load %s", path)
}

// Read reads a checkpoint of size bytes from r. Memory is taken in proportion to size, whatever the header says.
func Read(r io.Reader, size int64) (*File, error) {
	f, err := read(r, size)
	return f, errors.WithMessage(err, "checkpoint: read")
}

func read(r io.Reader, size int64) (*File, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	entries, meta, err := parse(h)
	if err != nil {
		return nil, err
	}
	order, err := place(entries, size-8-int64(len(h)))
	if err != nil {
		return nil, err
	}
	f := &File{Arrays: make([]Array, len(entries)), Meta: meta}
	buf := make([]byte, 1<<16)
	for _, i := range order {
		e := entries[i]
		data, err := readData(r, buf, e)
		if err != nil {
			return nil, errors.WithMessagef(err, "array %q", e.name)
		}
		f.Arrays[i] = Array{Name: e.name, Shape: e.Shape, Data: data}
	}
	return f, nil
}

func readHeader(r io.Reader, size int64) ([]byte, error) {
	var b [8]byte
	if size < int64(len(b)) {
		return nil, errors.Errorf("the file has %d bytes, want 8 with the header's length", size)
	}
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, errors.Wrap(err, "header's length")
	}
	n := binary.LittleEndian.Uint64(b[:])
	if n > maxHeader {
		return nil, errors.Errorf("the header is said to have %d bytes, the format's limit is %d: not a safetensors file", n, maxHeader)
	}
	if int64(n) > size-8 {
		return nil, errors.Errorf("the header is said to have %d bytes, the file has %d after its length: truncated", n, size-8)
	}
	h := make([]byte, n)
	if _, err := io.ReadFull(r, h); err != nil {
		return nil, errors.Wrap(err, "header")
	}
	return h, nil
}

func readData(r io.Reader, buf []byte, e entry) (any, error) {
	n := int((e.Offsets[1] - e.Offsets[0]) / width(e.DType))
	switch e.DType {
	case typeF32:
		return decode(r, buf, make([]float32, n), 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	case typeF64:
		return decode(r, buf, make([]float64, n), 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) })
	default:
		return decode(r, buf, make([]int64, n), 8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) })
	}
}

// decode fills data with elements of size bytes, read through buf.
func decode[T any](r io.Reader, buf []byte, data []T, size int, get func([]byte) T) ([]T, error) {
	for at := 0; at < len(data); {
		part := data[at:min(at+len(buf)/size, len(data))]
		b := buf[:len(part)*size]
		if k, err := io.ReadFull(r, b); err != nil {
			return nil, errors.Wrapf(err, "%d of %d bytes", at*size+k, len(data)*size)
		}
		for i := range part {
			part[i] = get(b[i*size:])
		}
		at += len(part)
	}
	return data, nil
}
