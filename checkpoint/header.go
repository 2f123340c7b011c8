package checkpoint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// entry is an array's line in the header with its name.
type entry struct {
	name string
	info
}

// parse reads a header. It takes the format's JSON and no more: no name twice, no unknown field, nothing after the
// object but spaces.
func parse(header []byte) (entries []entry, meta map[string]string, err error) {
	if !utf8.Valid(header) {
		return nil, nil, errors.New("the header is not UTF-8")
	}
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("the header does not begin with '{': not a safetensors file")
	}
	d := json.NewDecoder(bytes.NewReader(header))
	err = object(d, "header", func(name string) error {
		if name == metaKey {
			meta, err = texts(d)
			return err
		}
		e := entry{name: name}
		if name == "" {
			return errors.New("an array has no name")
		}
		if err := e.info.read(d, name); err != nil {
			return err
		}
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if rest := strings.TrimSpace(string(header[d.InputOffset():])); rest != "" {
		return nil, nil, errors.Errorf("header: %d bytes after its end", len(rest))
	}
	return entries, meta, nil
}

// object walks a JSON object: field is called after each key and reads the value. A key used twice is an error.
func object(d *json.Decoder, what string, field func(key string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return jsonError(err, what, "want an object")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return jsonError(err, what, "want a name")
		}
		if seen[key] {
			return errors.Errorf("%s: the name %q is there twice", what, key)
		}
		seen[key] = true
		if err := field(key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return errors.Wrap(endOfInput(err), what)
}

func jsonError(err error, what, want string) error {
	if err == nil {
		return errors.Errorf("%s: %s", what, want)
	}
	return errors.Wrap(endOfInput(err), what)
}

// endOfInput turns the decoder's io.EOF, which reads like success, into an error of its own.
func endOfInput(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func texts(d *json.Decoder) (map[string]string, error) {
	m := map[string]string{}
	err := object(d, metaKey, func(key string) error {
		t, err := d.Token()
		text, ok := t.(string)
		if err != nil || !ok {
			return jsonError(err, metaKey+" "+key, "want text")
		}
		m[key] = text
		return nil
	})
	return m, err
}

// read reads an array's entry and checks that type, shape and offsets agree with each other.
func (in *info) read(d *json.Decoder, name string) error {
	what := "array " + name
	var offsets []int64
	given := map[string]bool{}
	err := object(d, what, func(key string) error {
		given[key] = true
		var err error
		switch key {
		case "dtype":
			err = d.Decode(&in.DType)
		case "shape":
			err = d.Decode(&in.Shape)
		case "data_offsets":
			err = d.Decode(&offsets)
		default:
			err = errors.Errorf("field %q is not the format's", key)
		}
		return errors.Wrap(endOfInput(err), what)
	})
	if err != nil {
		return err
	}
	if len(given) != 3 || in.Shape == nil || len(offsets) != 2 {
		return errors.Errorf("%s: want dtype, shape and two data_offsets", what)
	}
	in.Offsets = [2]int64(offsets)
	return errors.WithMessage(in.check(), what)
}

func (in *info) check() error {
	w := width(in.DType)
	if w == 0 {
		return errors.Errorf("elements of type %q, want %s, %s or %s", in.DType, typeF32, typeF64, typeI64)
	}
	n, err := elements(in.Shape)
	if err != nil {
		return err
	}
	if lo, hi := in.Offsets[0], in.Offsets[1]; lo < 0 || hi < lo || hi-lo != n*w {
		return errors.Errorf("bytes %d to %d, but shape %v of %s takes %d", lo, hi, in.Shape, in.DType, n*w)
	}
	return nil
}

// place returns the order of the arrays in the file. As the format wants it they fill the size bytes after the header:
// no overlap, no hole, nothing after the last.
func place(entries []entry, size int64) ([]int, error) {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := entries[i].Offsets, entries[j].Offsets
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		return cmp.Compare(a[1], b[1]) // an empty array shares its offset with the one after it
	})
	at := int64(0)
	for _, i := range order {
		e := entries[i]
		switch {
		case e.Offsets[1] > size:
			return nil, errors.Errorf("array %s: bytes %d to %d, but the file has %d after the header: truncated", e.name, e.Offsets[0], e.Offsets[1], size)
		case e.Offsets[0] < at:
			return nil, errors.Errorf("array %s: bytes %d to %d overlap another array, which ends at %d", e.name, e.Offsets[0], e.Offsets[1], at)
		case e.Offsets[0] > at:
			return nil, errors.Errorf("array %s begins at byte %d, the one before ends at %d", e.name, e.Offsets[0], at)
		}
		at = e.Offsets[1]
	}
	if at != size {
		return nil, errors.Errorf("%d bytes after the last array", size-at)
	}
	return order, nil
}
