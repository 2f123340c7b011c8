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
