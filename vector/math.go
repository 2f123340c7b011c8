package vector

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
)

// Same says whether two vectors have the same type of element and the same ranges.
func (v *Vector) Same(u *Vector) bool {
	if len(v.F32) != len(u.F32) || len(v.F64) != len(u.F64) || len(v.Ranges) != len(u.Ranges) {
		return false
	}
	if len(v.Ranges) == 0 || &v.Ranges[0] == &u.Ranges[0] {
		return true
	}
	for i, r := range v.Ranges {
		if s := u.Ranges[i]; r.Name != s.Name || r.Lo != s.Lo || r.Hi != s.Hi {
			return false
		}
	}
	return true
}

// Check returns an error that names both vectors' sizes where they are not the Same.
func (v *Vector) Check(u *Vector) error {
	if v.Same(u) {
		return nil
	}
	return errors.Errorf("vector: %d elements of %v in %d ranges against %d elements of %v in %d ranges: not of one model",
		v.Count(), v.Dtype(), len(v.Ranges), u.Count(), u.Dtype(), len(u.Ranges))
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
	kernel.Scale(float32(a), v.F32)
	kernel.Scale(a, v.F64)
}

// Axpy adds a multiple of u: v ← v + a u. The two must be the Same.
func (v *Vector) Axpy(a float64, u *Vector) {
	kernel.Axpy(float32(a), u.F32, v.F32)
	kernel.Axpy(a, u.F64, v.F64)
}

// Dot is Σ v_i u_i, summed in float64. The two must be the Same.
func (v *Vector) Dot(u *Vector) float64 {
	return kernel.Dot(v.F32, u.F32) + kernel.Dot(v.F64, u.F64)
}

// Norm is the Euclidean norm √(Σ v_i²), summed in float64.
func (v *Vector) Norm() float64 { return math.Sqrt(v.Dot(v)) }

// Bad returns the name of the first range with a NaN or an infinity in it, and that value.
func (v *Vector) Bad() (name string, value float64, found bool) {
	if x := v.Dot(v); !math.IsNaN(x) && !math.IsInf(x, 0) {
		return "", 0, false
	}
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			if x := v.At(i); math.IsNaN(x) || math.IsInf(x, 0) {
				return r.Name, x, true
			}
		}
	}
	return "", 0, false // large and finite: only the sum of squares overflowed
}

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
