package datasets

import (
	"github.com/fallline/fallline/internal/finite"
	"github.com/pkg/errors"
)

// keepsFinite says whether a dataset is known to deliver finite numbers alone, because what it is made of was looked at
// when it was made. Types that embed one of these are not: their Read may be another.
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

// checkFinite returns an error that names the first value of rows of some size that isn't finite; what it is called,
// and the rows' numbers, or nil where they are counted from 0.
func checkFinite(what string, rows []float32, size int, numbers []int32) error {
	i := finite.Not(rows)
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
