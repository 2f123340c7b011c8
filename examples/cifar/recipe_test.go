package main

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
)

// settingsOf parses arguments.
func settingsOf(t *testing.T, args ...string) *settings {
	t.Helper()
	s, err := parse(args)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// at is a schedule's value at an epoch.
func at(s schedules.Schedule, epoch float64) float64 {
	const n = 50000
	return s.At(schedules.Time{Seen: int64(math.Round(epoch * n)), N: n})
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Abs(y) }

// TestFastIsAirbench holds the fast recipe against its source, whose rates are for the sum of the losses over a batch:
// 11.5 for 1,024 examples at a step of one without momentum, a decay of 0.0153 likewise, and 64 times the rate but the
// same decay for batch norm.
func TestFastIsAirbench(t *testing.T) {
	const (
		momentum  = 0.85
		kilostep  = 1024 * (1 + 1/(1-momentum))
		rate      = 11.5 / kilostep // for a sum
		shrinkage = 0.0153 * 1024 / kilostep
	)
	s := settingsOf(t, "-epochs", "10")
	course := s.newSchedule()
	for epoch, share := range map[float64]float64{0: 0.2, 2.3: 1, 10: 0.07, 6.15: (1 + 0.07) / 2} {
		if got, want := at(course, epoch), share*rate*1024; !near(got, want) {
			t.Errorf("rate %v at epoch %v, want %v", got, epoch, want)
		}
	}
	if s.Momentum != momentum || !near(s.Rate*s.decay, shrinkage) {
		t.Errorf("momentum %v, shrinkage %v a step, want %v and %v", s.Momentum, s.Rate*s.decay, momentum, shrinkage)
	}
	if got, want := at(slowing{s.lookahead.keep, 10}, 5), 1-math.Pow(0.95, 5)/8; math.Abs(got-want) > 1e-5 {
		t.Errorf("share of the fast weights %v half way, want %v", got, want)
	}
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		name                string
		start, peak, middle float64
		end                 float64
	}{
		{"constant", 0.2, 1, 1, 1},
		{"step", 0.2, 1, 0.1, 0.01},
		{"exponential", 0.2, 1, 0.1, 0.01},
		{"cosine", 0.2, 1, 0.5, 0},
		{"linear", 0.2, 1, 0.535, 0.07},
	} {
		course := settingsOf(t, "-schedule", c.name, "-lr", "1", "-epochs", "10").newSchedule()
		if err := schedules.Validate(course); err != nil {
			t.Error(err)
		}
		for epoch, want := range map[float64]float64{0: c.start, 2.3: c.peak, 6.15: c.middle, 9.9999: c.end} {
			if got := at(course, epoch); math.Abs(got-want) > 1e-4 {
				t.Errorf("%s: %v at epoch %v, want %v", c.name, got, epoch, want)
			}
		}
	}
}

// TestScheduleText holds that a course is told in the numbers that the recipe has.
func TestScheduleText(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "piecewise(0.3,3.68ep,1.5,16ep,0.105)"},
		{[]string{"-epochs", "10"}, "piecewise(0.3,2.3ep,1.5,10ep,0.105)"},
		{[]string{"-recipe", "resnet20"}, "then(linear(0.01,0.1,3ep),3ep,cosine(0.1,0,27ep))"},
	} {
		if got := settingsOf(t, c.args...).newSchedule().String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.args, got, c.want)
		}
	}
}

// TestRatesFollowTheBatch holds that a recipe's rate grows with the batch, unless one is given or the rule doesn't want
// it.
func TestRatesFollowTheBatch(t *testing.T) {
	for _, c := range []struct {
		args []string
		want float64
	}{
		{nil, 1.5},
		{[]string{"-batch", "512"}, 0.75},
		{[]string{"-batch", "512", "-lr", "0.3"}, 0.3},
		{[]string{"-batch", "512", "-solver", "adam"}, 1e-3},
		{[]string{"-recipe", "resnet9", "-batch", "128"}, 0.15},
	} {
		if got := settingsOf(t, c.args...).Rate; !near(got, c.want) {
			t.Errorf("%v: rate %v, want %v", c.args, got, c.want)
		}
	}
}

// TestViews holds what the views of a recipe see, on an image whose pixels tell their places, and their weights.
func TestViews(t *testing.T) {
	shape := []int{4, 4, 1}
	x := make([]float32, 16)
	for i := range x {
		x[i] = float32(10*(i/4) + i%4)
	}
	weights := 0.0
	for i, v := range shiftedViews {
		weights += v.Weight
		d, mirrored := []int{0, 0, 1, 1, -1, -1}[i], i%2 == 1
		y := x
		if v.Move != nil {
			y = make([]float32, 16)
			if err := v.Move(y, x, shape); err != nil {
				t.Fatal(err)
			}
		}
		// A place that both the image and the moved one have.
		col := 2
		if mirrored {
			col = 1
		}
		if got, want := y[4+col], x[4*(1+d)+2+d]; got != want {
			t.Errorf("view %d: pixel (1, %d) is %v, want %v", i, col, got, want)
		}
	}
	if plain := shiftedViews[0].Weight + shiftedViews[1].Weight; plain != weights/2 {
		t.Errorf("views that aren't moved weigh %v of %v, want half", plain, weights)
	}
	if len(mirroredViews) != 2 || mirroredViews[0].Move != nil || mirroredViews[0].Weight != mirroredViews[1].Weight {
		t.Errorf("mirrored views %+v", mirroredViews)
	}
}
