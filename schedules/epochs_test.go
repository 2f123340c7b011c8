package schedules

import (
	"math"
	"testing"
)

func TestEpochsAreExact(t *testing.T) {
	s := Milestones(1, 0.5, Epochs(3))
	before, at := Time{Step: 5, Seen: 3*60000 - 1, N: 60000}, Time{Step: 6, Seen: 3 * 60000, N: 60000}
	if got := s.At(before); got != 1 {
		t.Errorf("one example before the milestone: %v, want 1", got)
	}
	if got := s.At(at); got != 0.5 {
		t.Errorf("at the milestone: %v, want 0.5", got)
	}
	if got := s.At(Time{Step: 1000}); got != 1 {
		t.Errorf("where nobody counts epochs: %v, want the start 1", got)
	}
}

// TestOtherClock holds that the clock which a boundary doesn't count in is moved back too, in proportion.
func TestOtherClock(t *testing.T) {
	local, done := lengthOf(500).after(Time{Step: 800, Seen: 800 * 128, N: 60000})
	if want := (Time{Step: 300, Seen: 300 * 128, N: 60000}); !done || local != want {
		t.Errorf("500 iterations on: %+v %v, want %+v", local, done, want)
	}
	local, done = lengthOf(Epochs(0.5)).after(Time{Step: 800, Seen: 800 * 100, N: 60000})
	if want := (Time{Step: 500, Seen: 50000, N: 60000}); !done || local != want {
		t.Errorf("half an epoch on: %+v %v, want %+v", local, done, want)
	}
	big := Time{Step: 1 << 60, Seen: 1<<62 + 5, N: 1 << 50}
	if local, _ := lengthOf(int64(1) << 59).after(big); local.Step != 1<<59 || local.Seen != 1<<61+3 {
		t.Errorf("after 2^59 iterations: %+v", local)
	}
}

// TestFractionalEpochs holds that what happens at a fraction of an epoch happens at its example: not one late, because
// of a quotient or a product that floating point can't have.
func TestFractionalEpochs(t *testing.T) {
	for _, n := range []int64{100, 1000, 50000, 60000} {
		for percent := int64(1); percent < 200; percent++ {
			length := Epochs(float64(percent) / 100)
			first := percent * n / 100
			for k := range int64(20) {
				s := Step(1, 0.5, length)
				at := (k + 1) * first
				if before, after := s.At(Time{Seen: at - 1, N: n}), s.At(Time{Seen: at, N: n}); before != math.Exp2(-float64(k)) || after != before/2 {
					t.Fatalf("%v: %v before example %d of %d, %v after it", s, before, at, n, after)
				}
			}
			for _, s := range []Schedule{
				Then(Constant(1), length, Milestones(1, 0.5, Epochs(1))),
				Join(Constant(1), From(length, Milestones(1, 0.5, Epochs(1)))),
				Warmup(length, Milestones(1, 0.5, Epochs(1))),
			} {
				at := first + n
				if before, after := s.At(Time{Step: 9, Seen: at - 1, N: n}), s.At(Time{Step: 10, Seen: at, N: n}); before != 1 || after != 0.5 {
					t.Fatalf("%v: %v before example %d of %d, %v after it", s, before, at, n, after)
				}
			}
		}
	}
}

// TestLengthsEndAtOneExample holds that the examples which a length takes off the clock are those with which it is
// over, for any fraction.
func TestLengthsEndAtOneExample(t *testing.T) {
	for _, of := range []int64{1, 3, 7, 1000, 60000, 1<<31 - 1} {
		for i := range 2000 {
			share := float64(i+1) / float64(of)
			for _, x := range []float64{share, math.Nextafter(share, 0), math.Nextafter(share, 1e9), math.Exp(float64(i)/100 - 10)} {
				n := lengthOf(Epochs(x))
				if seen := n.examples(of); !n.reached(seen, of) || n.reached(seen-1, of) {
					t.Fatalf("%v of %d examples: %d", n, of, seen)
				}
			}
		}
	}
}

// TestManySteps holds that lengths in iterations are counted in integers.
func TestManySteps(t *testing.T) {
	const n = 1<<61 - 1
	s := Step(1, 0.5, int64(n))
	if before, after := s.At(Time{Step: n - 1}), s.At(Time{Step: n}); before != 1 || after != 0.5 {
		t.Errorf("%v before the step, %v after it", before, after)
	}
}

func TestCountsEpochs(t *testing.T) {
	for _, c := range []struct {
		s    Schedule
		want bool
	}{
		{Constant(1), false},
		{Cosine(1, 0, 10), false},
		{Cosine(1, 0, Epochs(10)), true},
		{Exponential(1, 0.5, Epochs(1)), true},
		{Step(1, 0.5, Epochs(1)), true},
		{Milestones(1, 0.5, Epochs(1)), true},
		{Milestones(1, 0.5, 1), false},
		{Warmup(3, Cosine(1, 0, Epochs(10))), true},
		{Warmup(Epochs(1), Constant(1)), true},
		{Then(Constant(1), 4, Constant(2)), false},
		{Func("f", 5, math.Sqrt), false},
		{Func("f", Epochs(5), math.Sqrt), true},
		{Piecewise(1, To(Epochs(1), 2)), true},
		{Join(Constant(1), From(3, Constant(2))), false},
		{Join(Constant(1), From(3, Linear(1, 2, Epochs(2)))), true},
		{Join(Constant(1), From(Epochs(3), Constant(2))), true},
		{Scale(2, Linear(1, 2, Epochs(2))), true},
		{Clamp(0, 1, Linear(1, 2, 5)), false},
		{Product(Constant(1), InverseTime(1, Epochs(2))), true},
		{LinearScaling(Constant(1), 2, 1, Epochs(5)), true},
		{Warmup(3, &Plateau{Of: Constant(1), Factor: 0.5}), false},
		{&Plateau{Of: Linear(1, 2, Epochs(2)), Factor: 0.5}, true},
		{Then(Constant(1), 4, Warmup(3, Step(1, 0.5, Epochs(1)))), true},
	} {
		if got := CountsEpochs(c.s); got != c.want {
			t.Errorf("CountsEpochs(%v) = %v, want %v", c.s, got, c.want)
		}
	}
}
