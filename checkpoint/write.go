package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/internal/wholefile"
)

// Save writes arrays and free text to a file, whole or not at all: what was at path before stays until the new file is
// complete and on disk, also when the program dies halfway. meta may be nil.
//
// An array without a name, a name used twice, a shape that doesn't fit its data and another type of element are errors,
// and nothing is written then.
func Save(path string, arrays []Array, meta map[string]string) error {
	err := wholefile.Write(path, func(w io.Writer) error { return write(w, arrays, meta) })
	return errors.WithMessagef(err, "checkpoint: save %s", path)
}

// CheckPath tells in advance why Save could not write a file at path: the folder is missing or may not be written to,
// or there is something at path that is no regular file. It makes a temporary file in the folder and removes it.
func CheckPath(path string) error {
	return errors.WithMessagef(wholefile.Probe(path), "checkpoint: save %s", path)
}

// Check tells in advance why Save could not write these arrays and this free text, whatever the elements are.
func Check(arrays []Array, meta map[string]string) error {
	_, _, err := layout(arrays, meta)
	return errors.WithMessage(err, "checkpoint")
}

// Write writes arrays and free text to w. Everything is checked before the first byte.
func Write(w io.Writer, arrays []Array, meta map[string]string) error {
	return errors.WithMessage(write(w, arrays, meta), "checkpoint: write")
}

func write(w io.Writer, arrays []Array, meta map[string]string) error {
	h, order, err := layout(arrays, meta)
	if err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(len(h))); err != nil {
		return errors.WithStack(err)
	}
	if _, err := w.Write(h); err != nil {
		return errors.WithStack(err)
	}
	buf := make([]byte, 1<<16)
	for _, i := range order {
		if err := writeData(w, buf, arrays[i].Data); err != nil {
			return errors.WithMessagef(err, "array %q", arrays[i].Name)
		}
	}
	return nil
}

// info is an array's entry in the header.
type info struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// layout makes the header, and the order in which the arrays' data follow it: wide elements first, so that each lies on
// a multiple of its width, as readers that map the file into memory need. The header itself lists the arrays as they
// were given.
func layout(arrays []Array, meta map[string]string) (header []byte, order []int, err error) {
	infos, err := check(arrays, meta)
	if err != nil {
		return nil, nil, err
	}
	order = make([]int, len(arrays))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(width(infos[j].DType) - width(infos[i].DType)) })
	at := int64(0)
	for _, i := range order {
		end := at + infos[i].Offsets[1]
		infos[i].Offsets = [2]int64{at, end}
		at = end
	}
	header, err = marshal(arrays, infos, meta)
	if len(header) > maxHeader {
		return nil, nil, errors.Errorf("names, shapes and text take %d bytes, the format's limit is %d", len(header), maxHeader)
	}
	return header, order, err
}

// check returns the arrays' entries, each with offsets from 0 to its number of bytes.
func check(arrays []Array, meta map[string]string) ([]info, error) {
	for k, v := range meta {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return nil, errors.Errorf("text %q = %q is not UTF-8", k, v)
		}
	}
	infos := make([]info, len(arrays))
	seen := make(map[string]bool, len(arrays))
	for i, a := range arrays {
		if err := checkName(a.Name); err != nil {
			return nil, err
		}
		if seen[a.Name] {
			return nil, errors.Errorf("two arrays are named %q", a.Name)
		}
		seen[a.Name] = true
		dtype, n, err := describe(a)
		if err != nil {
			return nil, err
		}
		want, err := elements(a.Shape)
		if err != nil {
			return nil, errors.WithMessagef(err, "array %q", a.Name)
		}
		if want != int64(n) {
			return nil, errors.Errorf("array %q has %d elements, its shape %v has %d", a.Name, n, a.Shape, want)
		}
		infos[i] = info{DType: dtype, Shape: append([]int{}, a.Shape...), Offsets: [2]int64{0, int64(n) * width(dtype)}}
	}
	return infos, nil
}

// marshal writes the header's JSON in the arrays' order, filled up with spaces so that the data begin on a multiple of
// 8.
func marshal(arrays []Array, infos []info, meta map[string]string) ([]byte, error) {
	var b bytes.Buffer
	field := func(key string, value any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(key)
		if err != nil {
			return errors.WithStack(err)
		}
		v, err := json.Marshal(value)
		if err != nil {
			return errors.WithStack(err)
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
		return nil
	}
	b.WriteByte('{')
	if len(meta) > 0 {
		if err := field(metaKey, meta); err != nil {
			return nil, err
		}
	}
	for i, a := range arrays {
		if err := field(a.Name, infos[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	return b.Bytes(), nil
}

func writeData(w io.Writer, buf []byte, data any) error {
	switch d := data.(type) {
	case []float32:
		return encode(w, buf, d, 4, func(b []byte, x float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(x)) })
	case []float64:
		return encode(w, buf, d, 8, func(b []byte, x float64) { binary.LittleEndian.PutUint64(b, math.Float64bits(x)) })
	default:
		return encode(w, buf, data.([]int64), 8, func(b []byte, x int64) { binary.LittleEndian.PutUint64(b, uint64(x)) })
	}
}

// encode writes elements of size bytes through buf.
func encode[T any](w io.Writer, buf []byte, data []T, size int, put func([]byte, T)) error {
	for part := range slices.Chunk(data, len(buf)/size) {
		for i, x := range part {
			put(buf[i*size:], x)
		}
		if _, err := w.Write(buf[:len(part)*size]); err != nil {
			return errors.WithStack(err)
		}
	}
	return nil
}
