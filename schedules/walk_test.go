package schedules

import "testing"

// TestWalk holds that Walk finds what is inside a schedule, in every place that it can have.
func TestWalk(t *testing.T) {
	for _, c := range []struct {
		s    Schedule
		want int
	}{
		{own{}, 1},
		{Constant(1), 0},
		{Warmup(5, own{}), 1},
		{WarmupFrom(0.5, 5, own{}), 1},
		{WarmupConstant(0.5, 5, own{}), 1},
		{WarmupExponential(0.5, 5, own{}), 1},
		{Then(own{}, 5, own{}), 2},
		{Join(own{}, From(5, own{}), From(6, Warmup(3, own{}))), 3},
		{Scale(2, own{}), 1},
		{Product(own{}, Constant(1), own{}), 2},
		{Clamp(0, 1, own{}), 1},
		{LinearScaling(own{}, 2, 1, 5), 1},
		{&Plateau{Of: own{}, Factor: 0.5}, 1},
		{Warmup(5, nil), 0},
		{nil, 0},
	} {
		found := 0
		Walk(c.s, func(s Schedule) {
			if s == (own{}) {
				found++
			}
		})
		if found != c.want {
			t.Errorf("%s: found %d inside, want %d", name(c.s), found, c.want)
		}
	}
}

// TestInterfaces holds that every schedule says what is wrong with it and what its long run is.
func TestInterfaces(t *testing.T) {
	for _, r := range table {
		if _, ok := r.s.(Validator); !ok {
			t.Errorf("%s is no Validator", r.name)
		}
		if _, ok := r.s.(Tailer); !ok {
			t.Errorf("%s is no Tailer", r.name)
		}
	}
}

// doubled is a wrapper of one's own that says nothing but what is inside it.
type doubled struct{ Schedule }

func (d doubled) Inner() []Schedule { return []Schedule{d.Schedule} }

// TestOwnWrapper holds that a Composed schedule of one's own is asked for those inside it.
func TestOwnWrapper(t *testing.T) {
	if s := (doubled{Scale(2, Cosine(1, 0, Epochs(3)))}); !CountsEpochs(s) {
		t.Error("a schedule inside counts in epochs, and the wrapper says no")
	}
	if s := (doubled{Cosine(1, 0, 3)}); CountsEpochs(s) {
		t.Error("no schedule inside counts in epochs, and the wrapper says yes")
	}
	if err := Validate(doubled{Scale(2, Exponential(1, -1, 5))}); err == nil {
		t.Error("a wrong setting two levels down is no error")
	}
	if err := Validate(doubled{nil}); err == nil {
		t.Error("no schedule inside is no error")
	}
}
