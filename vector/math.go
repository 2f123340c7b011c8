package vector

import (
	"math"
	"slices"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// Same says whether two vectors have the same type of element and the same ranges; groups don't count.
func (v *Vector) Same(u *Vector) bool {
	if len(v.F32) != len(u.F32) || len(v.F64) != len(u.F64) || len(v.Ranges) != len(u.Ranges) {
		return false
	}
	if len(v.Ranges) == 0 || &v.Ranges[0] == &u.Ranges[0] {
		return true
	}
	for i, r := range v.Ranges {
		if !r.same(u.Ranges[i]) {
			return false
		}
	}
	return true
}

func (r Range) same(s Range) bool {
	return r.Name == s.Name && r.Lo == s.Lo && r.Hi == s.Hi && slices.Equal(r.Shape, s.Shape)
}

// Check returns an error that says how u differs where the two vectors are not the Same.
func (v *Vector) Check(u *Vector) error {
	switch {
	case u == nil:
		return errors.New("vector: no vector where one is wanted")
	case v.Same(u):
		return nil
	case v.Type() != u.Type():
		return errors.Errorf("vector: elements of %v, want %v", u.Type(), v.Type())
	case len(v.Ranges) != len(u.Ranges):
		return errors.Errorf("vector: %d elements in %d ranges, want %d in %d", u.Count(), len(u.Ranges), v.Count(), len(v.Ranges))
	}
	for i, r := range v.Ranges {
		if s := u.Ranges[i]; !r.same(s) {
			return errors.Errorf("vector: range %d is %q of shape %v from element %d, want %q of shape %v from element %d",
				i, s.Name, s.Shape, s.Lo, r.Name, r.Shape, r.Lo)
		}
	}
	return errors.Errorf("vector: %d elements with padding, want %d", u.Len(), v.Len())
}

// Zero sets every element to 0.
func (v *Vector) Zero() {
	clear(v.F32)
	clear(v.F64)
}

// Copy sets v to u. The two must be the Same.
func (v *Vector) Copy(u *Vector) {
	copy(v.F32, u.F32)
	copy(v.F64, u.F64)
}

// Scale multiplies every element: v ← a v.
func (v *Vector) Scale(a float64) {
	if isFinite(a) {
		pointwise.Scale(float32(a), v.F32)
		pointwise.Scale(a, v.F64)
		return
	}
	for _, r := range v.Ranges {
		if v.F64 != nil {
			pointwise.Scale(a, v.F64[r.Lo:r.Hi])
		} else {
			pointwise.Scale(float32(a), v.F32[r.Lo:r.Hi])
		}
	}
}

// Axpy adds a multiple of u: v ← v + a u. The two must be the Same.
func (v *Vector) Axpy(a float64, u *Vector) {
	if isFinite(a) {
		pointwise.Axpy(float32(a), u.F32, v.F32)
		pointwise.Axpy(a, u.F64, v.F64)
		return
	}
	for _, r := range v.Ranges {
		if v.F64 != nil {
			pointwise.Axpy(a, u.F64[r.Lo:r.Hi], v.F64[r.Lo:r.Hi])
		} else {
			pointwise.Axpy(float32(a), u.F32[r.Lo:r.Hi], v.F32[r.Lo:r.Hi])
		}
	}
}

// isFinite says whether a is a number in float32 too. Times any other the padding's zeros would not be zero.
func isFinite(a float64) bool { return float32(a)*0 == 0 }

// Dot is Σ v_i u_i, summed in float64. The two must be the Same.
func (v *Vector) Dot(u *Vector) float64 {
	return pointwise.Dot(v.F32, u.F32) + pointwise.Dot(v.F64, u.F64)
}

// Norm is the Euclidean norm √(Σ v_i²), summed in float64. It neither overflows nor vanishes where the squares do.
func (v *Vector) Norm() float64 {
	sum := v.Dot(v)
	if v.F64 == nil || math.IsNaN(sum) || sum > 0x1p-900 && sum < 0x1p1000 {
		return math.Sqrt(sum)
	}
	top := 0.0
	for _, x := range v.F64 {
		top = math.Max(top, math.Abs(x))
	}
	if top == 0 || math.IsInf(top, 0) {
		return top
	}
	sum = 0
	for _, x := range v.F64 {
		x /= top
		sum += x * x
	}
	return top * math.Sqrt(sum)
}

// Bad returns the name of the first range with a NaN or an infinity in it, the element of the range, and its value. It
// reads v once.
func (v *Vector) Bad() (name string, element int, value float64, found bool) {
	notFinite := ByType(v.Type(), notFiniteIn[float32], notFiniteIn[float64])
	for _, r := range v.Ranges {
		if at := notFinite(v, r.Lo, r.Hi); at >= 0 {
			return r.Name, at, v.At(r.Lo + at), true
		}
	}
	return "", 0, 0, false
}

func notFiniteIn[T kernel.Float](v *Vector, lo, hi int) int { return NotFinite(Of[T](v)[lo:hi]) }

// At returns element i as a float64.
func (v *Vector) At(i int) float64 {
	if v.F64 != nil {
		return v.F64[i]
	}
	return float64(v.F32[i])
}

// Set sets element i.
func (v *Vector) Set(i int, x float64) {
	if v.F64 != nil {
		v.F64[i] = x
		return
	}
	v.F32[i] = float32(x)
}
