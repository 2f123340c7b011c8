package schedules

import (
	"strings"

	"github.com/pkg/errors"
)

// Piecewise goes in straight lines from a at time 0 through the given points, whose times must rise and be all in
// iterations or all in epochs, and holds the last value.
//
//	η(t) = vᵢ + (vᵢ₊₁−vᵢ) · (t−tᵢ)/(tᵢ₊₁−tᵢ)    tᵢ ≤ t < tᵢ₊₁, t₀ = 0, v₀ = a
//
// For example Piecewise(0, To(Epochs(2), 0.4), To(Epochs(7.5), 0.1), To(Epochs(10), 0)).
func Piecewise(a float64, points ...Point) Schedule { return piecewise{a, points} }

// Point is a value at a time, for Piecewise. To makes one.
type Point struct {
	at    Span
	value float64
}

// To is the value that Piecewise has after length n from its start.
func To[L Length](n L, value float64) Point { return Point{lengthOf(n), value} }

type piecewise struct {
	a      float64
	points []Point
}

func (s piecewise) At(t Time) float64 {
	from, value := 0.0, s.a
	for _, p := range s.points {
		if now, to := p.at.at(t), p.at.size(); now < to {
			return mix((now-from)/(to-from), value, p.value)
		}
		from, value = p.at.size(), p.value
	}
	return value
}

func (s piecewise) String() string {
	var b strings.Builder
	b.WriteString("piecewise(" + text(s.a))
	for _, p := range s.points {
		b.WriteString("," + p.at.String() + "," + text(p.value))
	}
	return b.String() + ")"
}

// CountsEpochs says whether the times are in epochs.
func (s piecewise) CountsEpochs() bool { return len(s.points) > 0 && s.points[0].at.inEp }

func (s piecewise) Validate() error {
	if len(s.points) == 0 {
		return errors.New("schedules: piecewise: no points, want at least 1")
	}
	times := make([]Span, len(s.points))
	for i, p := range s.points {
		if err := finite("piecewise", "value", p.value); err != nil {
			return err
		}
		times[i] = p.at
	}
	return firstOf(finite("piecewise", "start", s.a), rising("piecewise", "point", times))
}

func (s piecewise) Tail() Tail {
	if len(s.points) == 0 {
		return Tail{}
	}
	return level(s.points[len(s.points)-1].value)
}
