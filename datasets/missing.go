package datasets

import (
	"fmt"
	"math"
	"strings"

	"github.com/pkg/errors"
)

// Missing says what becomes of a row in which a value is missing. The zero Missing is an error at the first of them;
// LeaveOut and FillIn are the others. Table.LeftOut and Table.Filled count them.
//
// A value is missing where its text is empty, ?, NA, N/A, #N/A, NaN, null, nil, None, a dot or a hyphen, in upper or
// lower case, or among CSV.Marks. None, nil, a dot and a hyphen may be classes, and so may any text that is among the
// classes given.
type Missing struct {
	policy missingPolicy
	fill   float64
}

type missingPolicy int

const (
	refuseMissing missingPolicy = iota
	leaveOutMissing
	fillMissing
)

// LeaveOut leaves out the rows that lack a value, a target or a class.
var LeaveOut = Missing{policy: leaveOutMissing}

// FillIn puts a number in the place of a value that is missing. A class or a target that is missing stays an error.
func FillIn(x float64) Missing { return Missing{policy: fillMissing, fill: x} }

func (m Missing) String() string {
	switch m.policy {
	case leaveOutMissing:
		return "LeaveOut"
	case fillMissing:
		return fmt.Sprintf("FillIn(%v)", m.fill)
	}
	return "refuse"
}

func (m Missing) check() error {
	if math.IsNaN(float64(float32(m.fill))) || math.IsInf(float64(float32(m.fill)), 0) {
		return errors.Errorf("%v, want a finite number of float32", m)
	}
	return nil
}

// isMissing says whether a text stands for a value that isn't there.
func (s *csvRows) isMissing(text string) bool {
	switch strings.ToLower(text) {
	case "nil", "none", ".", "-":
		return true
	}
	return s.isMark(text)
}

// isMark says whether a text stands for a value or class that isn't there.
func (s *csvRows) isMark(text string) bool {
	switch strings.ToLower(text) {
	case "", "?", "na", "n/a", "#n/a", "nan", "null":
		return true
	}
	return len(s.marks) > 0 && s.marks[s.canonical(text)]
}

// lacks says whether a row lacks a value, a target or a class.
func (s *csvRows) lacks(record []string) bool {
	for _, columns := range [][]int{s.values, s.targets} {
		for _, i := range columns {
			if s.isMissing(strings.TrimSpace(record[i])) {
				return true
			}
		}
	}
	return s.label >= 0 && s.lacksClass(strings.TrimSpace(record[s.label]))
}

func (s *csvRows) lacksClass(text string) bool {
	return s.isMark(text) && !(s.classes.given && s.classes.has(text))
}
