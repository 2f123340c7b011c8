package solvers

import (
	"math"
	"reflect"

	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/vector"
)

// peak is how large the weights and the state are: exponents as of pointwise.Exponent.
type peak struct {
	weight, state int
	infinite      bool // or NaN
}

// nothing is the peak of no numbers.
var nothing = peak{weight: math.MinInt, state: math.MinInt}

// add takes another peak in.
func (p *peak) add(q peak) {
	p.weight, p.state, p.infinite = max(p.weight, q.weight), max(p.state, q.state), p.infinite || q.infinite
}

// look takes in elements lo to hi−1 of a parameter's weights and of its state.
func (p *parameter[T]) look(lo, hi int, top *peak) {
	e, finite := pointwise.Exponent(p.w[lo:hi])
	top.weight, top.infinite = max(top.weight, e), top.infinite || !finite
	for _, a := range p.state {
		e, finite := pointwise.Exponent(a[lo:hi])
		top.state, top.infinite = max(top.state, e), top.infinite || !finite
	}
}

// danger is how far a step is from overflow.
type danger int

const (
	// calm steps stay within the type for calmSteps of them, by the rules of this package: it is enough to look at
	// every weight once in a while.
	calm danger = iota
	// lively steps don't overflow by those rules, but may be on their way there: all weights are looked at.
	lively
	// risky steps may overflow: what they change is copied before.
	risky
)

// calmSteps is in how many calm steps each weight is looked at once.
const calmSteps = 8

// bounds are those of calm and lively steps: exponents for weights, gradients and state, and factors. Within those of
// lively steps the square of a gradient with L2 in it, a rate's product with the state, and the state by an ε stay
// inside the type; 8 calm steps end within those of lively ones.
const (
	calmTop, calmFactor     = 40, 1
	lively32, lively64      = 50, 480 // of weights and gradients; twice that of the state
	livelyRate, livelyShare = 1e6, 1000
	small32, small64        = 0x1p-60, 0x1p-480 // of hyperparameters but 0, which a rule may divide rates of 1 by
)

// danger is that of the coming step, with those hyperparameters of the rule.
func (e *engine[T]) danger(it *iteration, hyper []float64, own bool) danger {
	if len(e.parameters) == 0 {
		return calm
	}
	top := e.top
	top.add(e.next)
	most, small := lively64, small64
	if _, narrow := any(e).(*engine[float32]); narrow {
		most, small = lively32, small32
	}
	d := calm
	if !own || max(top.weight, top.state) > calmTop || it.norm > 1<<calmTop {
		d = lively
	}
	if top.weight > most || top.state > 2*most || !(it.norm < math.Ldexp(1, most)) {
		return risky
	}
	least, largest := math.Inf(1), 0.0
	for _, x := range hyper {
		x = math.Abs(x)
		if largest = max(largest, x); x > 0 {
			least = min(least, x)
		}
	}
	for _, p := range e.parameters {
		if least < small*p.step.Rate {
			return risky
		}
		d = max(d, p.danger(largest))
	}
	return d
}

// danger is what a parameter's settings make of the coming step; largest is the rule's largest hyperparameter.
func (p *parameter[T]) danger(largest float64) danger {
	largest = max(largest, p.step.Rate)
	switch keep := math.Abs(float64(p.keep)); {
	case largest > livelyRate || p.lambda > livelyShare || keep > livelyRate:
		return risky
	case largest > calmFactor || p.lambda > calmFactor || keep > calmFactor:
		return lively
	}
	return calm
}

// ours says whether the rule and the proximal operators are this package's, of which it is known what they do to large
// numbers.
func (s *Solver) ours() bool {
	ours := reflect.TypeFor[Solver]().PkgPath()
	of := func(v any) bool {
		t := reflect.TypeOf(v)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		return t.PkgPath() == ours
	}
	for _, m := range s.modifiers {
		if m.prox != nil && !of(m.prox) {
			return false
		}
	}
	return of(s.rule) && !s.spec.Whole // where one element moves another, the bounds don't hold
}

// arrays are what a step changes of a parameter.
func (p *parameter[T]) arrays(visit func([]T)) {
	visit(p.w)
	for _, a := range p.state {
		visit(a)
	}
	visit(p.mean)
	visit(p.slow)
}

// keepCopies copies what a step changes.
func (e *engine[T]) keepCopies() {
	e.copies = e.copies[:0]
	for _, p := range e.parameters {
		p.arrays(func(a []T) { e.copies = append(e.copies, a...) })
	}
}

// goBack undoes the step before which copies were kept.
func (e *engine[T]) goBack() {
	rest := e.copies
	for _, p := range e.parameters {
		p.arrays(func(a []T) { rest = rest[copy(a, rest):] })
	}
}

// diverged finds the first number that isn't finite in what a step changes; nil where there is none.
func (e *engine[T]) diverged(state []string) *Diverged {
	for _, p := range e.parameters {
		if d := p.bad(Weight, "", p.w); d != nil {
			return d
		}
		for k, a := range p.state {
			if d := p.bad(State, "rule."+state[k], a); d != nil {
				return d
			}
		}
		if d := p.bad(State, "average", p.mean); d != nil {
			return d
		}
		if d := p.bad(State, "slow", p.slow); d != nil {
			return d
		}
	}
	return nil
}

// bad finds the first number of an array that isn't finite.
func (p *parameter[T]) bad(q Quantity, array string, x []T) *Diverged {
	at := vector.NotFinite(x)
	if at < 0 {
		return nil
	}
	return &Diverged{Quantity: q, Array: array, Parameter: p.name, Element: at, Value: float64(x[at])}
}
