package schedules

import (
	"math"
	"testing"
)

func TestBadSettings(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		s    Schedule
		want string
	}{
		{nil, "schedules: no schedule (nil)"},
		{Constant(nan), "schedules: constant: value NaN, want a finite number"},
		{Step(inf, 0.1, 3), "schedules: step: start +Inf, want a finite number"},
		{Step(1, 0, 3), "schedules: step: factor 0, want above 0"},
		{Step(1, -0.1, 3), "schedules: step: factor -0.1, want above 0"},
		{Step(1, 0.1, 0), "schedules: step: interval of 0 iterations, want at least 1"},
		{Step(1, 0.1, Epochs(nan)), "schedules: step: interval of NaN epochs, want above 0"},
		{Milestones[int](1, 0.1), "schedules: milestones: none given, want at least 1"},
		{Milestones(1, 0.1, 5, 5), "schedules: milestones: 5 after 5, want rising times"},
		{Milestones(1, 0.1, Epochs(3), Epochs(2)), "schedules: milestones: 2ep after 3ep, want rising times"},
		{Milestones(1, nan, 5), "schedules: milestones: factor NaN, want above 0"},
		{Milestones(1, 0.1, -5), "schedules: milestones: milestone of -5 iterations, want at least 1"},
		{Exponential(1, inf, 10), "schedules: exponential: factor +Inf, want above 0"},
		{Exponential(1, 0.9, int64(-1)), "schedules: exponential: length of -1 iterations, want at least 1"},
		{Cosine(1, nan, 10), "schedules: cosine: end NaN, want a finite number"},
		{Cosine(1, 0, Epochs(0)), "schedules: cosine: length of 0 epochs, want above 0"},
		{Cosine(1, 0, Epochs(inf)), "schedules: cosine: length of +Inf epochs, want above 0"},
		{Linear(nan, 0, 10), "schedules: linear: start NaN, want a finite number"},
		{Linear(1, 0, Of(0)), "schedules: linear: length of 0 iterations, want at least 1"},
		{Polynomial(1, 0, 0, 10), "schedules: polynomial: power 0, want above 0"},
		{InverseTime(inf, 10), "schedules: inversetime: start +Inf, want a finite number"},
		{InverseSqrt(1, Epochs(-1)), "schedules: inversesqrt: length of -1 epochs, want above 0"},
		{CosineRestarts(1, 0, 0, 1, 1), "schedules: cosinerestarts: length of 0 iterations, want at least 1"},
		{CosineRestarts(1, 0, 10, 0.9, 1), "schedules: cosinerestarts: multiple 0.9, want a finite number of at least 1"},
		{CosineRestarts(1, 0, 10, inf, 1), "schedules: cosinerestarts: multiple +Inf, want a finite number of at least 1"},
		{CosineRestarts(1, 0, 10, 2, 1.5), "schedules: cosinerestarts: decay 1.5 outside [0, 1]"},
		{CosineRestarts(1, 0, 10, 2, 0), "schedules: cosinerestarts: decay 0, want above 0"},
		{OneCycle(nan, 1, 0, 0.3, 10), "schedules: onecycle: start NaN, want a finite number"},
		{OneCycleLinear(0, 1, 0, 1, 10), "schedules: onecyclelinear: rise 1 outside (0, 1)"},
		{OneCycleMomentum(0.95, nan, 0.3, 10), "schedules: onecyclemomentum: low NaN, want a finite number"},
		{OneCycleMomentumLinear(0.95, 0.85, 0.3, 0), "schedules: onecyclemomentumlinear: length of 0 iterations, want at least 1"},
		{Triangular(0, 1, 0, 5), "schedules: triangular: rise of 0 iterations, want at least 1"},
		{Triangular2(0, 1, Of(1), Of(Epochs(1))), "schedules: triangular2: 1ep beside 1, want one unit, iterations or epochs"},
		{ExpRange(0, 1, 1.1, 5, 5), "schedules: exprange: factor 1.1 outside [0, 1]"},
		{ExpRange(0, 1, 0, 5, 5), "schedules: exprange: factor 0, want above 0"},
		{WarmupFrom(1.5, 5, Constant(1)), "schedules: warmupfrom: start 1.5 outside [0, 1]"},
		{WarmupConstant(nan, 5, Constant(1)), "schedules: warmupconstant: start NaN outside [0, 1]"},
		{WarmupExponential(0, 5, Constant(1)), "schedules: warmupexponential: start 0, want above 0"},
		{WarmupExponential(0.1, 5, nil), "schedules: no schedule (nil)"},
		{Join(Constant(1)), "schedules: join: no boundaries, want at least 1"},
		{Join(Constant(1), From(5, nil)), "schedules: no schedule (nil)"},
		{Join(Constant(1), From(5, Constant(1)), From(4, Constant(1))), "schedules: join: 4 after 5, want rising times"},
		{Scale(inf, Constant(1)), "schedules: scale: factor +Inf, want a finite number"},
		{Scale(1, nil), "schedules: no schedule (nil)"},
		{Product(), "schedules: product: no factors, want at least 1"},
		{Product(Constant(1), Constant(nan)), "schedules: constant: value NaN, want a finite number"},
		{Clamp(1, 0, Constant(1)), "schedules: clamp: low 1 above high 0"},
		{Func("f", 5, nil), "schedules: func: no function (nil)"},
		{Func("f", 0, math.Sqrt), "schedules: func: length of 0 iterations, want at least 1"},
		{LinearScaling(Constant(1), 0, 256, 5), "schedules: linearscaling: batch 0 for a reference of 256, want both at least 1"},
		{LinearScaling(Constant(1), 512, 256, 0), "schedules: linearscaling: length of 0 iterations, want at least 1"},
		{&Plateau{Of: Constant(1), Factor: 1}, "schedules: plateau: factor 1 outside (0, 1)"},
		{&Plateau{Of: Constant(1), Factor: 0.1, Patience: -1}, "schedules: plateau: patience -1 and cooldown 0, want at least 0"},
		{&Plateau{Of: Constant(1), Factor: 0.1, Threshold: nan, Higher: true}, "schedules: plateauhigh: threshold NaN outside [0, 1]"},
		{(*Plateau)(nil), "schedules: plateau: none (nil)"},
		{&Plateau{Factor: 0.1}, "schedules: no schedule (nil)"},
		{Trapezoid(0, 1, inf, 1, 1, 1), "schedules: trapezoid: end +Inf, want a finite number"},
		{Trapezoid(0, 1, 0, 1, -1, 1), "schedules: trapezoid: hold of -1 iterations, want at least 0"},
		{Trapezoid(0, 1, 0, Epochs(1), Epochs(1), Epochs(nan)), "schedules: trapezoid: fall of NaN epochs, want at least 0"},
		{Trapezoid(0, 1, 0, 0, 0, 0), "schedules: trapezoid: lengths of rise, hold and fall all 0, want one above 0"},
		{Trapezoid(0, 1, 0, Of(1), Of(1), Of(Epochs(1))), "schedules: trapezoid: 1ep beside 1, want one unit, iterations or epochs"},
		{Piecewise(1), "schedules: piecewise: no points, want at least 1"},
		{Piecewise(1, To(5, nan)), "schedules: piecewise: value NaN, want a finite number"},
		{Piecewise(1, To(5, 1), To(5, 0)), "schedules: piecewise: 5 after 5, want rising times"},
		{Piecewise(1, To(5, 1), To(Epochs(7), 0)), "schedules: piecewise: 7ep beside 5, want one unit, iterations or epochs"},
		{Warmup(0, Constant(1)), "schedules: warmup: length of 0 iterations, want at least 1"},
		{Warmup(5, nil), "schedules: no schedule (nil)"},
		{Warmup(5, Cosine(1, 0, 0)), "schedules: cosine: length of 0 iterations, want at least 1"},
		{Then(nil, 5, Constant(1)), "schedules: no schedule (nil)"},
		{Then(Constant(1), 5, Constant(inf)), "schedules: constant: value +Inf, want a finite number"},
		{Then(Constant(1), -5, Constant(1)), "schedules: then: length of -5 iterations, want at least 1"},
	} {
		err := Validate(c.s)
		if err == nil || err.Error() != c.want {
			t.Errorf("Validate(%v) = %v, want %s", c.s, err, c.want)
		}
	}
}

// own is somebody's schedule without settings to check.
type own struct{}

func (own) At(t Time) float64 { return 1 / float64(1+t.Step) }
func (own) String() string    { return "own" }

func TestOwnSchedule(t *testing.T) {
	s := Warmup(10, own{})
	if err := Validate(s); err != nil {
		t.Fatal(err)
	}
	if got := s.At(Time{Step: 13}); got != 0.25 {
		t.Errorf("own schedule at its step 3: %v, want 0.25", got)
	}
	if CountsEpochs(s) {
		t.Error("own schedule counts epochs")
	}
}

// FuzzTime holds that no time, however odd, makes a legal schedule panic or leave the range of its values.
func FuzzTime(f *testing.F) {
	f.Add(int64(0), int64(0), int64(0))
	f.Add(int64(1<<62), int64(1<<62), int64(1))
	f.Add(int64(-1), int64(-5), int64(-7))
	f.Add(int64(30), int64(3840), int64(1000))
	f.Fuzz(func(t *testing.T, step, seen, n int64) {
		for _, r := range table {
			at := Time{Step: max(step, 0), Seen: max(seen, 0), N: n}
			if got := r.s.At(at); !(got >= 0 && got <= 1) {
				t.Errorf("%s: At(%+v) = %v", r.name, at, got)
			}
		}
	})
}
