package solvers

import (
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// changing are schedules of the rate and the momentum that both change all the time, the momentum also by a jump.
var (
	changingRate     = schedules.Warmup(20, schedules.Cosine(1, 0.1, 180))
	changingMomentum = schedules.Then(schedules.Cosine(0.5, 0.95, 90), 100, schedules.Exponential(0.9, 0.5, 300))
)

// twoPointCases are functions with a factor on the rate that suits them.
var twoPointCases = []struct {
	name  string
	obj   *function
	start []float64
	rate  float64
}{
	{"bowl", bowl(vector.Float64), bowlStart, 0.1},
	{"rosenbrock", rosenbrock(vector.Float64), []float64{-1.2, 1}, 3e-4},
}

// scaled is a schedule times a factor.
type scaled struct {
	schedules.Schedule
	by float64
}

func (s scaled) At(t schedules.Time) float64 { return s.by * s.Schedule.At(t) }

// TestNesterovTwoPoints compares Textbook's form, whose weights are the look-ahead point, with the method written out
// in two points, v ← μₜ v − ηₜ g(θ + μₜ v), θ ← θ + v, while rate and momentum change.
func TestNesterovTwoPoints(t *testing.T) {
	for _, c := range twoPointCases {
		t.Run(c.name, func(t *testing.T) {
			rate := scaled{changingRate, c.rate}
			s := solver(t, NAG{Momentum: 0, Form: Textbook}, Rate(rate), Schedule("momentum", changingMomentum))
			run := open(t, s, c.obj, c.start, nil)
			n := len(c.start)
			theta, v := append([]float64(nil), c.start...), make([]float64, n)
			p, g := make([]float64, n), make([]float64, n)
			got := c.obj.NewVector()
			for i := range 200 {
				at := schedules.Time{Step: int64(i)}
				eta, mu := rate.At(at), changingMomentum.At(at)
				for j := range p {
					p[j] = theta[j] + mu*v[j]
				}
				if d := distance(values(run.Weights()), p); !(d <= 1e-12) {
					t.Fatalf("step %d: look-ahead point off by %v", i, d)
				}
				c.obj.f(p, g)
				for j := range theta {
					v[j] = mu*v[j] - eta*g[j]
					theta[j] += v[j]
				}
				next(t, run, 1)
				if err := run.Solution(got); err != nil {
					t.Fatal(err)
				}
				if d := distance(values(got), theta); !(d <= 1e-12) {
					t.Fatalf("step %d: theta off by %v", i, d)
				}
			}
		})
	}
}

// TestNesterovForms holds that the two forms are one method for constant rate and momentum, in the weights and in
// theta.
func TestNesterovForms(t *testing.T) {
	for _, c := range twoPointCases {
		rate := Rate(schedules.Constant(c.rate))
		a := open(t, solver(t, NAG{Momentum: 0.9}, rate), c.obj, c.start, nil)
		b := open(t, solver(t, NAG{Momentum: 0.9, Form: Textbook}, rate), c.obj, c.start, nil)
		thetaA, thetaB := c.obj.NewVector(), c.obj.NewVector()
		for i := range 200 {
			next(t, a, 1)
			next(t, b, 1)
			if err := a.Solution(thetaA); err != nil {
				t.Fatal(err)
			}
			if err := b.Solution(thetaB); err != nil {
				t.Fatal(err)
			}
			apart := max(distance(values(a.Weights()), values(b.Weights())), distance(values(thetaA), values(thetaB)))
			if !(apart <= 1e-12) {
				t.Fatalf("%s: step %d: forms apart by %v", c.name, i, apart)
			}
			if i == 5 && distance(values(thetaA), values(a.Weights())) < 1e-6 {
				t.Errorf("%s: theta is the look-ahead point", c.name)
			}
		}
	}
}

// TestHeavyBallTwoPoints compares Textbook's form with Polyak's, θₜ₊₁ = θₜ − (1−d) ηₜ g + μₜ (θₜ − θₜ₋₁), while rate,
// momentum and dampening change.
func TestHeavyBallTwoPoints(t *testing.T) {
	dampening := schedules.Cosine(0.4, 0, 150)
	for _, c := range twoPointCases {
		rate := scaled{changingRate, c.rate}
		s := solver(t, Momentum{Form: Textbook}, Rate(rate), Schedule("momentum", changingMomentum),
			Schedule("dampening", dampening))
		run := open(t, s, c.obj, c.start, nil)
		now, last := append([]float64(nil), c.start...), append([]float64(nil), c.start...)
		g := make([]float64, len(now))
		for i := range 200 {
			at := schedules.Time{Step: int64(i)}
			eta, mu, damp := rate.At(at), changingMomentum.At(at), dampening.At(at)
			c.obj.f(now, g)
			for j := range now {
				now[j], last[j] = now[j]-(1-damp)*eta*g[j]+mu*(now[j]-last[j]), now[j]
			}
			next(t, run, 1)
			if d := distance(values(run.Weights()), now); !(d <= 1e-12) {
				t.Fatalf("%s: step %d: off by %v", c.name, i, d)
			}
		}
	}
}

// TestMomentumFormsPart holds what the documentation says: equal for a constant rate, different when it changes.
func TestMomentumFormsPart(t *testing.T) {
	apart := func(rate schedules.Schedule) float64 {
		a := open(t, solver(t, Momentum{Momentum: 0.9}, Rate(rate)), bowl(vector.Float64), bowlStart, nil)
		b := open(t, solver(t, Momentum{Momentum: 0.9, Form: Textbook}, Rate(rate)), bowl(vector.Float64), bowlStart, nil)
		next(t, a, 60)
		next(t, b, 60)
		return distance(values(a.Weights()), values(b.Weights()))
	}
	if d := apart(schedules.Constant(0.05)); !(d < 1e-12) {
		t.Errorf("at a constant rate the forms are apart by %v", d)
	}
	if d := apart(schedules.Step(0.05, 0.1, 50)); d < 1e-2 {
		t.Errorf("ten steps after the rate has fallen the forms are apart by %v only", d)
	}
}
