// Package checkpoint keeps named arrays in a safetensors file.
//
// The format is eight bytes with the header's length, a JSON header, and the arrays' elements; all is little-endian and
// row-major. Other systems read and write it: https://github.com/huggingface/safetensors#format.
//
// A file is written whole or not at all, and a reader trusts nothing in it: every name, type, shape and offset is
// checked before memory is taken, and no more memory is taken than the file is long.
package checkpoint

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// Array is an array with a name. Data is []float32, []float64 or []int64, row-major in Shape; an empty shape is a
// scalar of one element, and a dimension may be 0.
type Array struct {
	Name  string
	Shape []int
	Data  any
}

// File is what a checkpoint holds: arrays in the order in which they were saved, and free text by name.
type File struct {
	Arrays []Array
	Meta   map[string]string
}

// Find returns the array of a name.
func (f *File) Find(name string) (Array, bool) {
	for _, a := range f.Arrays {
		if a.Name == name {
			return a, true
		}
	}
	return Array{}, false
}

// Types of elements as the format names them.
const (
	typeF32 = "F32"
	typeF64 = "F64"
	typeI64 = "I64"
)

// metaKey is where the header keeps the free text: no array may have this name.
const metaKey = "__metadata__"

// width is the number of bytes an element of a type takes; 0 for a type that is not supported.
func width(dtype string) int64 {
	switch dtype {
	case typeF32:
		return 4
	case typeF64, typeI64:
		return 8
	}
	return 0
}

// describe returns the type of an array's elements and their number.
func describe(a Array) (dtype string, n int, err error) {
	switch d := a.Data.(type) {
	case []float32:
		return typeF32, len(d), nil
	case []float64:
		return typeF64, len(d), nil
	case []int64:
		return typeI64, len(d), nil
	}
	return "", 0, errors.Errorf("array %q holds a %T, want []float32, []float64 or []int64", a.Name, a.Data)
}

// elements is the number of elements of a shape.
func elements(shape []int) (int64, error) {
	n, empty := int64(1), slices.Contains(shape, 0)
	for _, d := range shape {
		switch {
		case d < 0:
			return 0, errors.Errorf("shape %v has a negative dimension", shape)
		case empty:
		case n > math.MaxInt64/8/int64(d):
			return 0, errors.Errorf("shape %v has more elements than fit in memory", shape)
		default:
			n *= int64(d)
		}
	}
	if empty {
		return 0, nil
	}
	return n, nil
}

func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("an array has no name")
	case name == metaKey:
		return errors.Errorf("the name %q is the format's own", name)
	case !utf8.ValidString(name):
		return errors.Errorf("the name %q is not UTF-8", name)
	}
	return nil
}
