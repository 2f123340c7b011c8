package schedules

import (
	"math"
	"testing"
)

// TestPlateauResumes holds that a Plateau with the state of another goes on as that one would have, bit for bit.
func TestPlateauResumes(t *testing.T) {
	build := func() Schedule {
		return Warmup(5, Product(
			&Plateau{Of: Constant(0.5), Factor: 0.7, Patience: 1, Threshold: 0.01, Cooldown: 1, Min: 0.01},
			&Plateau{Of: Constant(1), Factor: 0.9, Higher: true}))
	}
	metric := func(i int) float64 { return 1 + math.Sin(float64(i*i))/float64(i+1) }
	whole := build()
	saved := map[string]any{}
	var resumed Schedule
	for i := range 60 {
		if i == 23 {
			Visit(whole, func(name string, array any) {
				switch a := array.(type) {
				case []float64:
					saved[name] = append([]float64(nil), a...)
				case []int64:
					saved[name] = append([]int64(nil), a...)
				default:
					t.Fatalf("%s is a %T", name, array)
				}
			})
			resumed = build()
			Visit(resumed, func(name string, array any) {
				switch a := array.(type) {
				case []float64:
					copy(a, saved[name].([]float64))
				case []int64:
					copy(a, saved[name].([]int64))
				}
			})
		}
		if n := Observe(whole, metric(i)); n != 2 {
			t.Fatalf("%d schedules observe, want 2", n)
		}
		if resumed == nil {
			continue
		}
		Observe(resumed, metric(i))
		at := Time{Step: int64(i)}
		if got, want := resumed.At(at), whole.At(at); got != want {
			t.Fatalf("resumed, step %d: %v, want %v", i, got, want)
		}
	}
	if len(saved) != 4 {
		t.Errorf("state under %d names, want 4: %v", len(saved), saved)
	}
	if got := whole.At(Time{Step: 60}); !(got < 0.2) {
		t.Errorf("value in the end %v, want several reductions", got)
	}
}

func TestPlateauMetrics(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		higher   bool
		patience int
		metrics  []float64
		want     int
	}{
		{false, 1, []float64{nan, nan}, 1},
		{false, 1, []float64{1, 0.9995, 0.9}, 0},
		{false, 0, []float64{1, 0.9995, 0.9}, 1},
		{false, 0, []float64{inf, 1, -1, -inf}, 0},
		{false, 0, []float64{-1, -1.0001, -1.1, 0}, 2},
		{false, 0, []float64{nan, 5, 4}, 1},
		{true, 0, []float64{-2, -1, 0, 1}, 0},
		{true, 1, []float64{0.5, 0.5, 0.5, 0.6}, 1},
	} {
		p := &Plateau{Of: Constant(1), Factor: 0.1, Patience: c.patience, Threshold: 1e-3, Higher: c.higher}
		reductions := 0
		for _, m := range c.metrics {
			if p.Observe(m) {
				reductions++
			}
		}
		if reductions != c.want {
			t.Errorf("%v (higher: %t, patience %d): %d reductions, want %d", c.metrics, c.higher, c.patience, reductions, c.want)
		}
	}
}

// TestPureHasNoState holds that Visit shows nothing and Observe finds nobody where all is a function of time.
func TestPureHasNoState(t *testing.T) {
	for _, r := range table {
		_, plateau := r.s.(*Plateau)
		if Pure(r.s) == plateau {
			t.Errorf("%s is pure: %t", r.name, !plateau)
		}
		Visit(r.s, func(name string, _ any) {
			if !plateau {
				t.Errorf("%s has state %s", r.name, name)
			}
		})
	}
	if Pure(Warmup(3, Scale(2, &Plateau{Of: Constant(1), Factor: 0.5}))) {
		t.Error("a plateau inside others goes unnoticed")
	}
	if n := Observe(Warmup(3, Constant(1)), 5); n != 0 {
		t.Errorf("%d schedules observe, want none", n)
	}
}
