package schedules

import (
	"math"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// Args are the arguments of a kind in a text, to be taken in their order. One that is missing or of another sort is
// reported as an error of Parse, and a zero is returned in its place.
type Args struct {
	reader     *reader
	name, form string
	values     []value
	end        int    // where the closing bracket is
	behind     *value // what a + follows with
}

// Left is the number of arguments that haven't been taken.
func (a *Args) Left() int { return len(a.values) }

// Number takes a number, which what names in errors.
func (a *Args) Number(what string) float64 {
	v, ok := a.next(what)
	if !ok {
		return 0
	}
	x, err := number(v.word)
	if v.schedule != nil || err != nil {
		a.refuse(v, "a number", what, err)
	}
	return x
}

// Count takes a whole number.
func (a *Args) Count(what string) int {
	v, ok := a.next(what)
	if !ok {
		return 0
	}
	n, err := whole(v.word)
	if v.schedule != nil || err != nil {
		a.refuse(v, "a whole number", what, err)
	}
	return int(n)
}

// Length takes a length of time: 500 or 30ep.
func (a *Args) Length(what string) Span {
	v, ok := a.next(what)
	if !ok {
		return Span{}
	}
	n, err := span(v.word)
	if v.schedule != nil || err != nil {
		a.refuse(v, "a length such as 500 or 30ep", what, err)
	}
	return n
}

// Schedule takes a schedule; a number is a constant one.
func (a *Args) Schedule(what string) Schedule {
	v, ok := a.next(what)
	if !ok {
		return nil
	}
	return a.reader.asSchedule(a.name, what, v)
}

// Following is the schedule behind the + after the arguments, for a kind whose form has one.
func (a *Args) Following() Schedule {
	if a.behind == nil {
		a.reader.fail(a.reader.at, "%s: want + and a schedule behind it: %s", a.name, a.form)
		return nil
	}
	return a.reader.asSchedule(a.name, "schedule", *a.behind)
}

// next takes an argument.
func (a *Args) next(what string) (v value, ok bool) {
	if len(a.values) == 0 {
		a.reader.fail(a.end, "%s: the %s is missing: %s", a.name, what, a.form)
		return v, false
	}
	v, a.values = a.values[0], a.values[1:]
	return v, true
}

// refuse reports an argument that isn't of the wanted sort.
func (a *Args) refuse(v value, want, what string, err error) {
	if v.schedule == nil && errors.Is(err, strconv.ErrRange) {
		a.reader.fail(v.at, "%s: the %s %s is out of range", a.name, what, v.word)
		return
	}
	a.reader.fail(v.at, "%s: want %s for the %s, not %q", a.name, want, what, v.word)
}

// asSchedule is a value as a schedule: a number is a constant one.
func (r *reader) asSchedule(kind, what string, v value) Schedule {
	if r.err != nil || v.schedule != nil {
		return v.schedule
	}
	x, err := number(v.word)
	if err == nil {
		return Constant(x)
	}
	switch k, ok := r.kinds[v.word]; {
	case ok:
		r.fail(v.at, "%s has no arguments: %s", v.word, k.Form)
	case errors.Is(err, strconv.ErrRange):
		r.fail(v.at, "%sthe %s %s is out of range", prefix(kind), what, v.word)
	default:
		r.fail(v.at, "%swant a %s, not %q", prefix(kind), what, v.word)
	}
	return nil
}

// errSyntax says that a word isn't what it was read as.
var errSyntax = errors.New("schedules: not a number")

// number reads a finite decimal number.
func number(word string) (float64, error) {
	if strings.Trim(word, "+-.eE0123456789") != "" {
		return 0, errSyntax
	}
	return strconv.ParseFloat(word, 64)
}

// whole reads a whole number, also as 1e6.
func whole(word string) (int64, error) {
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return n, nil
	}
	x, err := number(word)
	if err == nil && (x != math.Trunc(x) || math.Abs(x) > 1<<53) {
		err = errSyntax
	}
	return int64(x), err
}

// span reads a length of time.
func span(word string) (Span, error) {
	if epochs, ok := strings.CutSuffix(word, "ep"); ok {
		x, err := number(epochs)
		return lengthOf(Epochs(x)), err
	}
	n, err := whole(word)
	return lengthOf(n), err
}

// ParseSpan reads a length of time above 0, in iterations as in 500 or in epochs as in 30ep.
func ParseSpan(text string) (Span, error) {
	n, err := span(text)
	if err != nil {
		return Span{}, errors.Errorf("schedules: length %q, want iterations such as 500 or epochs such as 30ep", text)
	}
	if err := n.Validate(); err != nil {
		return Span{}, err
	}
	return n, nil
}
