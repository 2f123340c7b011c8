package schedules

import (
	"math"
	"strings"
	"testing"
)

func TestRobbinsMonro(t *testing.T) {
	cosines := CosineRestarts(1, 0, 10, 1, 1)
	judged := map[string]bool{}
	for _, c := range []struct {
		s    Schedule
		want Answer
	}{
		{Constant(0.1), No},
		{Constant(0), No},
		{Constant(-1), Unknown},
		{InverseTime(0.1, 10), Yes},
		{InverseTime(0, 10), No},
		{InverseTime(0.1, Epochs(1)), Yes},
		{InverseSqrt(0.1, 10), No},
		{Step(0.1, 0.5, 10), No},
		{Step(0.1, 2, 10), No},
		{Milestones(0.1, 0.1, 10), No},
		{Exponential(0.1, 0.9, 10), No},
		{Linear(0.1, 0, 10), No},
		{Linear(0.1, 0.01, 10), No},
		{Polynomial(0.1, 0, 2, 10), No},
		{Polynomial(0.1, 0.01, 0.5, 10), No},
		{OneCycle(0.1, 1, 0, 0.3, 10), No},
		{OneCycleLinear(0.1, 1, 0.01, 0.3, 10), No},
		{OneCycleMomentum(0.95, 0.85, 0.3, 10), No},
		{OneCycleMomentumLinear(0.95, 0.85, 0.3, 10), No},
		{Trapezoid(0, 1, 0, 5, 5, 5), No},
		{Trapezoid(0, 1, -1, 5, 5, 5), Unknown},
		{Piecewise(0, To(5, 1), To(10, 0)), No},
		{Cosine(0.1, 0, 10), No},
		{CosineRestarts(0.1, 0, 10, 2, 1), No},
		{CosineRestarts(0.1, 0, 10, 2, 0.5), Yes},
		{CosineRestarts(0.1, 0, 10, 3, 1.0/3), Yes},
		{CosineRestarts(0.1, 0, 10, 2, 0.6), Yes},
		{CosineRestarts(0.1, 0, 10, 1.3*1.3, 1/1.3), No}, // a power of a half, but for rounding
		{CosineRestarts(0.1, 0, 10, 49, 1.0/7), No},
		{CosineRestarts(0.1, 0, 10, 4, 0.5), No},
		{CosineRestarts(0.1, 0, 10, 1.1, 1/1.1), Yes},
		{CosineRestarts(0.1, 0, 10, 2, 0.4), No},
		{CosineRestarts(0.1, 0, 10, 2, 0.8), No},
		{CosineRestarts(0.1, 0, 10, 1, 0.5), No},
		{CosineRestarts(0.1, 0.01, 10, 2, 0.5), No},
		{Triangular(0, 1, 5, 5), No},
		{Triangular2(0, 1, 5, 5), No},
		{ExpRange(0.1, 1, 0.9, 5, 5), No},
		{ExpRange(0, 1, 1, 5, 5), No},
		{Warmup(10, InverseTime(0.1, 10)), Yes},
		{WarmupFrom(0.1, 10, InverseTime(0.1, 10)), Yes},
		{WarmupConstant(0.1, 10, InverseTime(0.1, 10)), Yes},
		{WarmupExponential(0.1, 10, InverseTime(0.1, 10)), Yes},
		{Then(Constant(1), 10, InverseTime(1, 10)), Yes},
		{Then(InverseTime(1, 10), 10, Constant(1)), No},
		{Join(Constant(1), From(5, Constant(2)), From(10, InverseTime(1, 10))), Yes},
		{Scale(3, InverseTime(1, 10)), Yes},
		{Scale(0, InverseTime(1, 10)), No},
		{Scale(-1, InverseTime(1, 10)), Unknown},
		{LinearScaling(InverseTime(1, 10), 512, 256, 10), Yes},
		{Product(InverseSqrt(1, 10), InverseSqrt(1, 20)), Yes},
		{Product(InverseTime(1, 10), InverseTime(1, 20)), No},
		{Product(InverseTime(1, 10), cosines), Yes},
		{Product(cosines, cosines), Unknown},
		{Product(InverseTime(1, 10), Exponential(1, 2, 10)), No},
		{Product(Exponential(1, 0.5, 10), Exponential(1, 2, 10)), Unknown},
		{Product(Constant(0), own{}), Unknown},
		{Clamp(0, 1, InverseTime(2, 10)), Yes},
		{Clamp(0.01, 1, InverseTime(2, 10)), No},
		{Clamp(0.01, 1, own{}), No},
		{Clamp(0, 1, own{}), Unknown},
		{Clamp(0, 1, Exponential(1, 2, 10)), No},
		{Clamp(-1, 0, InverseTime(2, 10)), No},
		{Func("f", 1, func(x float64) float64 { return 1 / (1 + x) }), Unknown},
		{&Plateau{Of: InverseTime(1, 10), Factor: 0.5}, Unknown},
		{&Plateau{Of: Constant(1), Factor: 0.5, Higher: true}, Unknown},
		{own{}, Unknown},
		{nil, Unknown},
	} {
		got, why := RobbinsMonro(c.s)
		if got != c.want || why == "" {
			t.Errorf("RobbinsMonro(%s) = %v: %s, want %v", name(c.s), got, why, c.want)
		}
		kind, _, _ := strings.Cut(name(c.s), "(")
		judged[kind] = true
	}
	for _, form := range Forms() {
		if kind, _, _ := strings.Cut(form, "("); !judged[kind] {
			t.Errorf("%s isn't judged", kind)
		}
	}
}

// TestTails holds that what the closed forms say of the long run is what the values do: their mean over a part of the
// run, times t^Power, changes by less than the factor that a power's being off by 0.1 would make.
func TestTails(t *testing.T) {
	for _, s := range []Schedule{
		Constant(0.1), InverseTime(0.1, 10), InverseSqrt(0.1, 10), Exponential(0.1, 0.99, 10), Cosine(0.1, 0, 100), Step(0.1, 0.1, 1000),
		CosineRestarts(0.1, 0, 10, 2, 1), CosineRestarts(0.1, 0, 10, 2, 0.5), CosineRestarts(0.1, 0, 10, 4, 0.5), Triangular(0, 1, 5, 9), Triangular2(0.1, 1, 5, 9),
		Warmup(10, InverseTime(1, 10)), Product(InverseSqrt(1, 10), InverseTime(1, 5)), Clamp(0.01, 1, InverseTime(1, 10)),
	} {
		tail := TailOf(s)
		mean := func(from, to int64) float64 {
			sum := 0.0
			for i := range int64(5000) {
				sum += s.At(Time{Step: from + i*(to-from)/5000})
			}
			return sum / 5000
		}
		// the same part of a fall both times, where falls last 2 or 4 times as long as those before
		early, late := mean(5<<20, 10<<20), mean(5<<30, 10<<30)
		if math.IsInf(tail.Power, 1) {
			if late > 1e-12 {
				t.Errorf("%v: %v late in the run, want about 0", s, late)
			}
			continue
		}
		if got := -math.Log2(late/early) / 10; math.Abs(got-tail.Power) > 0.1 {
			t.Errorf("%v falls as t^-%.3f, says t^-%.3f", s, got, tail.Power)
		}
	}
}
