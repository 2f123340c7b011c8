package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// guard is what a run knows of the size of the weights that a Method moves, as the engine does of those that a rule
// moves.
type guard struct {
	known bool
	top   int // exponent of the greatest weight, as of pointwise.Exponent
	next  int // of those that the round has looked at
	round int // calm iterations of the current round
}

// calm says whether one iteration is far from overflow.
func (g *guard) calm(t *Terms) bool {
	if !g.known || max(g.top, g.next) > calmTop {
		return false
	}
	for _, t := range t.Range {
		if max(t.Rate, t.L2, t.Decay) > calmFactor {
			return false
		}
	}
	return true
}

// glance looks at the round's part of the weights and says whether they are finite.
func (g *guard) glance(w *vector.Vector) (finite bool) {
	finite = true
	chunks := (w.Len() + chunkLen - 1) / chunkLen
	from, to := chunks*g.round/calmSteps, chunks*(g.round+1)/calmSteps
	if from < to {
		e := 0
		e, finite = exponent(w, from*chunkLen, min(to*chunkLen, w.Len()))
		g.next = max(g.next, e)
	}
	if g.round++; g.round == calmSteps {
		*g = guard{known: true, top: g.next}
	}
	return finite
}

// survey looks at all of the weights.
func (g *guard) survey(w *vector.Vector) (finite bool) {
	e, finite := exponent(w, 0, w.Len())
	*g = guard{known: true, top: e}
	return finite
}

// exponent is pointwise.Exponent of elements lo to hi−1.
func exponent(v *vector.Vector, lo, hi int) (e int, finite bool) {
	return vector.ByType(v.Type(), exponentIn[float32], exponentIn[float64])(v, lo, hi)
}

func exponentIn[T kernel.Float](v *vector.Vector, lo, hi int) (e int, finite bool) {
	return pointwise.Exponent(vector.Of[T](v)[lo:hi])
}

// guarded has the method do iterations. Where the weights or the loss aren't finite afterwards, the weights are put
// back to those before all of them; the copy is in the place of the gradient, which a method doesn't show. One calm
// iteration goes without a copy and with a look at a part of the weights.
func (r *Run) guarded(now schedules.Time, steps int) (Info, error) {
	g := &r.guard
	calm := steps == 1 && g.calm(&r.terms)
	if !calm {
		r.g.Copy(r.w)
	}
	info, err := r.method.Advance(r.w, &r.terms, now, steps)
	finite := false
	if calm {
		finite = g.glance(r.w)
	} else {
		finite = g.survey(r.w)
	}
	if finite && info.Loss-info.Loss == 0 {
		return info, err
	}
	bad := badNumber(Weight, "", r.w, now.Step)
	if bad == nil {
		bad = &Diverged{Quantity: Loss, Value: info.Loss, Iteration: now.Step}
	}
	if bad.Moved = calm; !calm {
		r.w.Copy(r.g)
	}
	g.known = false
	return Info{}, errors.WithStack(bad)
}
