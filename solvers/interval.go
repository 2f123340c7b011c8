package solvers

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Interval is the range of legal values of a hyperparameter. NaN lies in none.
type Interval struct {
	Lo, Hi         float64
	OpenLo, OpenHi bool // the end itself is illegal
}

// Closed is [lo, hi].
func Closed(lo, hi float64) Interval { return Interval{Lo: lo, Hi: hi} }

// HalfOpen is [lo, hi): lo is legal and hi is not.
func HalfOpen(lo, hi float64) Interval { return Interval{Lo: lo, Hi: hi, OpenHi: true} }

// AtLeast is [lo, Inf): every finite number from lo on.
func AtLeast(lo float64) Interval { return HalfOpen(lo, math.Inf(1)) }

// Above is (lo, Inf): every finite number above lo.
func Above(lo float64) Interval {
	return Interval{Lo: lo, Hi: math.Inf(1), OpenLo: true, OpenHi: true}
}

// finite is every number.
var finite = Interval{Lo: math.Inf(-1), Hi: math.Inf(1), OpenLo: true, OpenHi: true}

// Has says whether x is legal.
func (v Interval) Has(x float64) bool {
	above := x > v.Lo || x == v.Lo && !v.OpenLo
	below := x < v.Hi || x == v.Hi && !v.OpenHi
	return above && below
}

// String writes the interval as in [0, 1).
func (v Interval) String() string {
	left, right := "[", "]"
	if v.OpenLo {
		left = "("
	}
	if v.OpenHi {
		right = ")"
	}
	return fmt.Sprintf("%s%s, %s%s", left, number(v.Lo), number(v.Hi), right)
}

// number formats an end of an interval.
func number(x float64) string {
	if math.IsInf(x, 1) {
		return "Inf"
	}
	return fmt.Sprint(x)
}

// checkSetting returns an error that names a setting, its value and the legal range, unless x is legal.
func checkSetting(name string, x float64, legal Interval) error {
	if !legal.Has(x) {
		return errors.Errorf("solvers: %s %v outside %v", name, x, legal)
	}
	return nil
}
