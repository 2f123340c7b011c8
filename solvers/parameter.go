package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// parameter is a range of the weights during a run: its arrays and what its modifiers amount to.
type parameter[T kernel.Float] struct {
	owner
	shape   []int // of the parameter
	w, g    []T
	state   [][]T
	mean    []T      // average of the weights; nil where there is none
	slow    []T      // slow copy of the weights; nil without Lookahead
	scratch int      // elements that the rule needs beside
	updates [1]int64 // steps that it has had; an array to be shown by Visit

	use setting

	// What one iteration uses.
	step   Step
	scale  T // of the gradient, for ClipNorm
	limit  T // of each element of the gradient, for ClipValue; +Inf where there is none
	lambda T // of L2
	keep   T // what Decay leaves of a weight
	share  float64
	pulls  bool // this step ends with a pull of Lookahead
	pull   T    // and its share
}

// edits says whether the gradient changes before the rule sees it.
func (p *parameter[T]) edits() bool {
	return p.scale != 1 || p.lambda != 0 || !math.IsInf(float64(p.limit), 1)
}

// prepare computes what an iteration uses from the solver's quantities.
func (p *parameter[T]) prepare(st *stage, it *iteration) {
	now := st.values
	p.step = Step{
		Rate:    now[rateIndex],
		Next:    st.next[1 : 1+len(st.solver.spec.Hyper)],
		Time:    it.now,
		Updates: p.updates[0],
		Norm:    it.norm,
		Shape:   p.shape,
	}
	if m := p.use[factor]; m != nil {
		p.step.Rate *= now[m.quantity]
	}
	p.scale, p.limit, p.lambda, p.keep = T(it.scale), T(it.limit), 0, 1
	if m := p.use[coupled]; m != nil {
		p.lambda = T(now[m.quantity])
	}
	if m := p.use[decoupled]; m != nil {
		p.keep = T(1 - p.step.Rate*now[m.quantity])
	}
	p.pulls = false
	if m := p.use[pulled]; m != nil && (it.now.Step+1)%m.every == 0 {
		p.pulls, p.pull = true, T(now[m.quantity])
	}
	if r, ok := st.rule.Rule.(Preparer); ok {
		r.Prepare(&p.step)
	}
	p.share = it.share
}

// move takes the step for elements lo to hi−1.
func (p *parameter[T]) move(lo, hi int, u updater[T], d *workspace[T]) {
	w, g := p.w[lo:hi], p.g[lo:hi]
	if p.edits() {
		g = p.edited(w, g, d.gradient(len(g)))
	}
	if p.keep != 1 {
		pointwise.Scale(p.keep, w)
	}
	for k, a := range p.state {
		d.state[k] = a[lo:hi]
	}
	if p.scratch > 0 {
		d.state[len(p.state)] = d.spare(p.scratch)
	}
	u.update(&p.step, w, g, d.state, d)
	if m := p.use[proximal]; m != nil {
		p.prox(m.prox, w, d)
	}
	if p.pulls {
		pull(p.slow[lo:hi], w, p.pull)
	}
	if p.mean != nil {
		average(p.mean[lo:hi], w, p.share)
	}
}

// edited writes the gradient that the rule is to see into to.
func (p *parameter[T]) edited(w, g, to []T) []T {
	pointwise.ScaleTo(p.scale, g, to)
	if limit := p.limit; !math.IsInf(float64(limit), 1) {
		for i, x := range to {
			to[i] = max(min(x, limit), -limit)
		}
	}
	if p.lambda != 0 {
		pointwise.Axpy(p.lambda, w, to)
	}
	return to
}

// prox applies a proximal operator.
func (p *parameter[T]) prox(r Proximal, w []T, d *workspace[T]) {
	if w64, ok := any(w).([]float64); ok {
		r.Prox(p.step.Rate, w64)
		return
	}
	if r32, ok := r.(Proximal32); ok {
		r32.Prox32(p.step.Rate, any(w).([]float32))
		return
	}
	w64 := widen(d.wide(0, len(w)), w)
	r.Prox(p.step.Rate, w64)
	narrow(w, w64)
}
