package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Katyusha is SVRG with Nesterov's acceleration, kept in bounds by a "negative momentum" that draws every point back to
// the snapshot x̃. It takes its steps itself: estimate and step are one thing. In iteration j of a period, with the
// learning rate as α,
//
//	x ← τ₁ z + τ₂ x̃ + (1−τ₁−τ₂) y
//	g = ∇f_B(x) − ∇f_B(x̃) + ∇f(x̃)
//	z' = argmin_u ‖u−z‖²/(2α) + gᵀu + ψ(u)
//	y ← x + τ₁ (z'−z)                              option II
//	y ← argmin_u ‖u−x‖²/(2ατ₁) + gᵀu + ψ(u)        option I; ατ₁ is the paper's 1/(3L)
//
// and after m = ⌈Passes·n/b⌉ iterations x̃ becomes the mean of the period's y with weights (1+ασ)ʲ. The run's weights
// are y. ψ is what the solver's L2 and Prox add to f; each is evaluated exactly.
//
// With m = 2n, τ₂ = 1/2, τ₁ = min(√(mσ/(3L)), 1/2) and α = 1/(3τ₁L), which StepKatyusha gives, it reaches F−F* ≤ ε in
// O((n + √(nL/σ)) log 1/ε) component gradients, where f is a mean of L-smooth convex functions and ψ is σ-strongly
// convex: the best there is.
//
// A period takes n + 2bm component gradients. Random numbers repeat within a period. Memory: seven more gradients.
//
// It goes with the rule SGD, without clipping, Lookahead and Decay: Open says so.
//
// Allen-Zhu 2017, algorithm 1 (Katyusha); τ₁, τ₂ and α from theorem 2.1. With batches L is that of Constants.Batch.
type Katyusha struct {
	Passes    float64        // length of a period in passes over the data, above 0; 2 is the paper's
	Tau1      float64        // τ₁, in (0, 1]
	Tau2      float64        // τ₂, in [0, 1−τ₁]; 1/2 is the paper's
	Convexity float64        // σ, at least 0; with L2 alone it is L2's λ
	Option    KatyushaOption // how y is found
}

// KatyushaOption is a form of Katyusha, by the paper's number.
type KatyushaOption int

const (
	OptionII KatyushaOption = iota // y follows z: one proximal step an iteration
	OptionI                        // y takes a step of its own
)

// String is the paper's name.
func (o KatyushaOption) String() string {
	if o == OptionI {
		return "I"
	}
	return "II"
}

// Validate returns an error for settings outside their ranges.
func (k Katyusha) Validate() error {
	for _, c := range []struct {
		name  string
		x     float64
		legal Interval
	}{
		{"tau1", k.Tau1, Interval{Lo: 0, Hi: 1, OpenLo: true}}, {"tau2", k.Tau2, Closed(0, 1-k.Tau1)}, {"convexity", k.Convexity, AtLeast(0)},
	} {
		if !c.legal.Has(c.x) {
			return errors.Errorf("solvers: Katyusha: %s %v outside %v", c.name, c.x, c.legal)
		}
	}
	if k.Option != OptionI && k.Option != OptionII {
		return errors.Errorf("solvers: Katyusha: option %d, want OptionI or OptionII", int(k.Option))
	}
	return checkPasses("Katyusha", k.Passes)
}

// Memory is that of seven gradients.
func (Katyusha) Memory(obj Objective, _ int) int64 {
	return (anchoredVectors + 4) * obj.NewVector().Bytes()
}

// Open begins a run.
func (k Katyusha) Open(obj Objective, sampler Sampler) (Source, error) {
	p, err := newPeriods(k.Passes, sampler)
	if err != nil {
		return nil, err
	}
	return &katyusha{
		anchored: newAnchored(obj, sampler), periods: p, set: k,
		x: obj.NewVector(), z: obj.NewVector(), g: obj.NewVector(), average: obj.NewVector(),
	}, nil
}

type katyusha struct {
	anchored
	periods
	set       Katyusha
	x, z, g   *vector.Vector
	average   *vector.Vector // of the period's y
	weight    [1]float64     // Σ of the weights, in units of the last one
	workspace [2][]float64   // scratch memory for proximal operators
}

// Takes says yes to SGD, and else what is in the way.
func (k *katyusha) Takes(terms *Terms) (bool, error) {
	if !terms.Plain() {
		return false, errors.New("it takes its steps itself: give the rule SGD, without clipping and Lookahead")
	}
	for _, t := range terms.Range {
		if t.Decay != 0 || t.Shrink && t.L2 == 0 {
			return false, errors.New("Decay is no part of what it minimises: give L2")
		}
	}
	for i := range k.workspace {
		k.workspace[i] = make([]float64, chunkLen)
	}
	return true, nil
}

// Next fails: there is no gradient apart from the step.
func (k *katyusha) Next(_, _ *vector.Vector, _ schedules.Time) (Info, error) {
	return Info{}, errors.New("Katyusha has no gradient apart from its step")
}

// Advance does one iteration.
func (k *katyusha) Advance(y *vector.Vector, terms *Terms, t schedules.Time, _ int) (info Info, err error) {
	point := k.average
	if k.taken[0] == 0 {
		k.z.Copy(y)
		point = y
	}
	begins := k.left[0] == 0
	b, after, full, err := k.begin(&k.periods, point)
	if err != nil {
		return info, err
	}
	if begins {
		k.weight[0] = 0 // so that the first y is the average
	}
	k.x.Copy(y)
	k.x.Scale(1 - k.set.Tau1 - k.set.Tau2)
	k.x.Axpy(k.set.Tau1, k.z)
	k.x.Axpy(k.set.Tau2, k.anchor)
	if info, err = k.estimate(k.x, k.g, b, after); err != nil {
		return info, err
	}
	if err := finiteVector(Gradient, "", k.g, t.Step); err != nil {
		return Info{}, err
	}
	if err := finiteLoss(info.Loss, t.Step); err != nil {
		return Info{}, err
	}
	info.Gradients += full
	info.Steps = 1
	k.step(y, terms)
	return info, nil
}

// step moves z and y, and counts y in the average.
func (k *katyusha) step(y *vector.Vector, terms *Terms) {
	k.weight[0] = k.weight[0]/(1+terms.Range[0].Rate*k.set.Convexity) + 1
	step := vector.ByType(y.Type(), katyushaStep[float32], katyushaStep[float64])
	for i, r := range y.Ranges {
		t := &terms.Range[i]
		for lo := r.Lo; lo < r.Hi; lo += chunkLen {
			step(k, t, y, lo, min(lo+chunkLen, r.Hi))
		}
	}
}

// katyushaStep is step for elements lo to hi−1, a part of one range.
func katyushaStep[T kernel.Float](k *katyusha, t *Term, to *vector.Vector, lo, hi int) {
	y, x, z := vector.Of[T](to)[lo:hi], vector.Of[T](k.x)[lo:hi], vector.Of[T](k.z)[lo:hi]
	g, average := vector.Of[T](k.g)[lo:hi], vector.Of[T](k.average)[lo:hi]
	z64 := k.workspace[0][:len(z)]
	y64 := k.workspace[1][:len(z)]
	for i := range z64 {
		z64[i] = float64(z[i]) - t.Rate*float64(g[i])
	}
	proximalStep(t, t.Rate, z64)
	if step := t.Rate * k.set.Tau1; k.set.Option == OptionI {
		for i := range y64 {
			y64[i] = float64(x[i]) - step*float64(g[i])
		}
		proximalStep(t, step, y64)
	} else {
		for i := range y64 {
			y64[i] = float64(x[i]) + k.set.Tau1*(z64[i]-float64(z[i]))
		}
	}
	share := 1 / k.weight[0]
	for i, v := range y64 {
		y[i], z[i] = T(v), T(z64[i])
		average[i] += T(share * (v - float64(average[i])))
	}
}

// proximalStep replaces u by argmin_v ‖v−u‖²/(2 step) + λ/2 ‖v‖² + R(v).
func proximalStep(t *Term, step float64, u []float64) {
	shrink := 1 / (1 + step*t.L2)
	if t.L2 != 0 {
		for i := range u {
			u[i] *= shrink
		}
	}
	if t.Prox != nil {
		t.Prox.Prox(step*shrink, u)
	}
}

// Visit shows z, the period's average and its weight, the snapshot with its gradient, what is left of the period, and
// the sampler's counter.
func (k *katyusha) Visit(visit func(name string, array any)) {
	visit("katyusha.left", k.left[:])
	visit("katyusha.weight", k.weight[:])
	VisitVector("katyusha.z", k.z, visit)
	VisitVector("katyusha.average", k.average, visit)
	k.visit("katyusha", visit)
}

// Wholes says that all iterations see the sampler's batch.
func (Katyusha) Wholes(Objective, Sampler) (func(int64) bool, bool) { return nil, true }

// StepScale is τ₁.
func (k *katyusha) StepScale() float64 { return k.set.Tau1 }

// StepKatyusha returns Katyusha with the settings of theorem 2.1, and its step α as a learning rate: m = ⌈2n/b⌉, τ₂ =
// 1/2, τ₁ = min(√(mσ/(3L)), 1/2) and α = 1/(3τ₁L). n is the number of examples and sigma, above 0, is λ of L2. L is of
// f alone, λ left out. Allen-Zhu 2017.
func StepKatyusha(l, sigma float64, n, b int) (method Katyusha, rate float64) {
	m := math.Ceil(2 * float64(n) / float64(b))
	tau1 := min(math.Sqrt(m*sigma/(3*l)), 0.5)
	return Katyusha{Passes: 2, Tau1: tau1, Tau2: 0.5, Convexity: sigma}, 1 / (3 * tau1 * l)
}
