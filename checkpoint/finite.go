package checkpoint

import (
	"github.com/fallline/fallline/internal/finite"
	"github.com/pkg/errors"
)

// CheckFinite returns an error that names the first array with a NaN or an infinity in it, the element, counted
// row-major from 0, and its value. Save and Load take any number, as the format does: who saves weights asks this
// before, so that good ones on disk aren't replaced.
func CheckFinite(arrays []Array) error {
	for _, a := range arrays {
		at, value := -1, 0.0
		switch d := a.Data.(type) {
		case []float32:
			if at = finite.Not(d); at >= 0 {
				value = float64(d[at])
			}
		case []float64:
			if at = finite.Not(d); at >= 0 {
				value = d[at]
			}
		}
		if at >= 0 {
			return errors.Errorf("array %q: element %d is %v, want finite numbers", a.Name, at, value)
		}
	}
	return nil
}
