// Package vector holds the weights of a model, or a gradient of it, as one flat vector with named ranges.
//
// A solver sees one array and steps over all of it at memory speed; a graph sees tensors that are views of the ranges
// (graph.View). Nothing is copied between the two.
package vector

import (
	"math"

	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// Param names a parameter and gives its shape; an empty shape is a scalar. Group is free text that solver options
// select by, such as "bias"; it may be empty.
type Param struct {
	Name  string
	Shape []int
	Group string
}

// Range is where a parameter lies in the flat vector: elements Lo to Hi−1, row-major in Shape.
type Range struct {
	Name   string
	Shape  []int
	Lo, Hi int
	Group  string
}

// Vector is a flat vector with named ranges. One of F32 and F64 is set; it includes the padding between ranges, which
// is zero and must stay so. Ranges are in order and don't overlap, and several vectors may share one Ranges slice:
// don't write to it.
type Vector struct {
	F32    []float32
	F64    []float64
	Ranges []Range
}

// New makes a zero vector with a range for each parameter.
//
// A parameter without a name, a name used twice, a dimension below 1 and a type other than Float32 and Float64 are
// errors.
func New(t Type, params ...Param) (*Vector, error) {
	if t != Float32 && t != Float64 {
		return nil, errors.Errorf("vector: elements of type %v, want float32 or float64", t)
	}
	ranges := make([]Range, len(params))
	seen := make(map[string]int, len(params))
	at := 0
	for i, p := range params {
		if p.Name == "" {
			return nil, errors.Errorf("vector: parameter %d of shape %v has no name", i, p.Shape)
		}
		if j, ok := seen[p.Name]; ok {
			return nil, errors.Errorf("vector: parameters %d and %d are both named %q", j, i, p.Name)
		}
		seen[p.Name] = i
		n, err := elements(p)
		if err != nil {
			return nil, err
		}
		ranges[i] = Range{Name: p.Name, Shape: append([]int(nil), p.Shape...), Lo: at, Hi: at + n, Group: p.Group}
		at = roundUp(at+n, memory.Line/t.Size())
	}
	return allocate(t, at, ranges), nil
}

func elements(p Param) (int, error) {
	n := 1
	for _, d := range p.Shape {
		if d < 1 {
			return 0, errors.Errorf("vector: parameter %q has shape %v, want dimensions of at least 1", p.Name, p.Shape)
		}
		if n > min(1<<40, math.MaxInt)/d {
			return 0, errors.Errorf("vector: parameter %q of shape %v has over 2^40 elements, or more than an int counts", p.Name, p.Shape)
		}
		n *= d
	}
	return n, nil
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

func allocate(t Type, n int, ranges []Range) *Vector {
	v := &Vector{Ranges: ranges}
	if t == Float32 {
		v.F32 = memory.Aligned[float32](n)
	} else {
		v.F64 = memory.Aligned[float64](n)
	}
	return v
}

// Len is the number of elements of the flat vector, padding included.
func (v *Vector) Len() int { return len(v.F32) + len(v.F64) }

// Count is the number of parameters' elements, padding left out.
func (v *Vector) Count() int {
	n := 0
	for _, r := range v.Ranges {
		n += r.Hi - r.Lo
	}
	return n
}

// Bytes is the memory that the elements take.
func (v *Vector) Bytes() int64 { return 4*int64(len(v.F32)) + 8*int64(len(v.F64)) }

// Like makes a zero vector of the same type with the same ranges.
func (v *Vector) Like() *Vector { return allocate(v.Type(), v.Len(), v.Ranges) }

// Clone makes a copy.
func (v *Vector) Clone() *Vector {
	c := v.Like()
	copy(c.F32, v.F32)
	copy(c.F64, v.F64)
	return c
}

// Find returns the range of a name.
func (v *Vector) Find(name string) (Range, bool) {
	for _, r := range v.Ranges {
		if r.Name == name {
			return r, true
		}
	}
	return Range{}, false
}
