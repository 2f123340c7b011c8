package datasets

import "github.com/pkg/errors"

// keepsFinite says whether a dataset is known to deliver finite numbers alone, because what it is made of was looked at when it was made. Types
// that embed one of these are not: their Read may be another.
func keepsFinite(d Dataset) bool {
	switch d := d.(type) {
	case *Examples, *Table, *Images, *Sparse:
		return true
	case *subset:
		return keepsFinite(d.Dataset)
	case *augmented:
		return keepsFinite(d.Dataset) && d.keepsFinite()
	}
	return false
}

// keepsFinite says whether the transforms make finite values of finite ones.
func (a *augmented) keepsFinite() bool {
	for i, t := range a.transforms {
		switch t.(type) {
		case randomFlip, alternatingFlip, *move, *cutout:
		case *normalize:
			if a.folded == nil || a.folded[i] == nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// checkFinite returns an error that names the first value of rows of some size that isn't finite; what it is called, and the rows' numbers, or
// nil where they are counted from 0.
func checkFinite(what string, rows []float32, size int, numbers []int32) error {
	i := notFinite(rows)
	if i < 0 {
		return nil
	}
	example := i / size
	if numbers != nil {
		example = int(numbers[example])
	}
	return errors.Errorf("%s %d of example %d is %v, want a finite number", what, i%size, example, rows[i])
}

// What checkFinite calls the values.
const (
	feature = "feature"
	target  = "target"
)

// notFinite is the place of the first NaN or infinity, and −1 where there is none. In a sum either stays what it is; eight sums go side by side.
func notFinite(x []float32) int {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	rest := x
	for len(rest) >= 8 {
		v := (*[8]float32)(rest)
		s0, s1, s2, s3 = s0+v[0], s1+v[1], s2+v[2], s3+v[3]
		s4, s5, s6, s7 = s4+v[4], s5+v[5], s6+v[6], s7+v[7]
		rest = rest[8:]
	}
	for _, v := range rest {
		s0 += v
	}
	sum := (s0 + s1) + (s2 + s3) + (s4 + s5) + (s6 + s7)
	if sum-sum == 0 {
		return -1
	}
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1 // finite: only the sum overflowed
}
