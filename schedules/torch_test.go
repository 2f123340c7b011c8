package schedules

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// golden is what testdata/gen.py wrote.
type golden struct {
	Values   map[string][]float64
	Plateaus map[string]struct{ Metrics, Values []float64 }
	Restarts map[string]struct {
		Steps  []int64
		Values []float64
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	data, err := os.ReadFile("testdata/torch.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestPyTorch compares with torch.optim.lr_scheduler, step by step.
func TestPyTorch(t *testing.T) {
	ours := map[string]Schedule{
		"step":                         Step(0.5, 0.1, 30),
		"milestones":                   Milestones(0.1, 0.1, 30, 60, 90),
		"exponential":                  Exponential(0.1, 0.97, 1),
		"cosine":                       Cosine(0.1, 0.002, 199),
		"warmup+constant":              Warmup(50, Constant(0.4)),
		"warmup+cosine":                Warmup(20, Cosine(0.05, 0.001, 180)),
		"linear":                       Linear(0.3, 0.03, 150),
		"warmupfrom+constant":          WarmupFrom(0.25, 70, Constant(0.4)),
		"warmupconstant+constant":      WarmupConstant(1.0/3, 60, Constant(0.3)),
		"polynomial":                   Polynomial(0.1, 0, 2.5, 170),
		"inversetime":                  InverseTime(0.1, 40),
		"warmup+inversesqrt":           Warmup(30, InverseSqrt(0.1, 30)),
		"product":                      Product(Linear(0.1, 1, 50), Exponential(0.1, 0.99, 1)),
		"cosinerestarts":               CosineRestarts(0.1, 0.001, 10, 2, 1),
		"cosinerestarts of one length": CosineRestarts(0.1, 0, 17, 1, 1),
		"onecycle":                     OneCycle(0.004, 0.1, 4e-7, 59.0/199, 199),
		"onecyclemomentum":             OneCycleMomentum(0.95, 0.85, 59.0/199, 199),
		"onecyclelinear":               OneCycleLinear(0.01, 0.1, 1e-6, 89.0/199, 199),
		"onecyclemomentumlinear":       OneCycleMomentumLinear(0.95, 0.8, 89.0/199, 199),
		"triangular":                   Triangular(0.01, 0.1, 15, 25),
		"triangular2":                  Triangular2(0.01, 0.1, 20, 20),
		"exprange":                     ExpRange(0.01, 0.1, math.Pow(0.99, 32), 12, 20),
		"join":                         Join(WarmupConstant(0.5, 20, Constant(0.2)), From(50, Exponential(0.2, 0.95, 1)), From(110, Step(0.2, 0.5, 10))),
	}
	g := readGolden(t)
	if len(g.Values) != len(ours) {
		t.Errorf("%d golden schedules, want %d", len(g.Values), len(ours))
	}
	for name, values := range g.Values {
		s, ok := ours[name]
		if !ok || len(values) != 200 {
			t.Fatalf("golden schedule %q of %d values", name, len(values))
		}
		for i, want := range values {
			if got := s.At(Time{Step: int64(i)}); math.Abs(got-want) > 1e-12*math.Abs(want)+1e-16 {
				t.Errorf("%s: step %d: %.17g, want %.17g", name, i, got, want)
				break
			}
		}
	}
}

// TestPyTorchPlateau compares with ReduceLROnPlateau, metric by metric.
func TestPyTorchPlateau(t *testing.T) {
	ours := map[string]*Plateau{
		"low":   {Of: Constant(0.4), Factor: 0.5, Patience: 3, Threshold: 1e-2, Cooldown: 4},
		"least": {Of: Constant(0.4), Factor: 0.3, Patience: 1, Min: 0.001},
		"high":  {Of: Constant(0.4), Factor: 0.1, Patience: 5, Threshold: 1e-4, Higher: true},
	}
	for name, want := range readGolden(t).Plateaus {
		p, ok := ours[name]
		if !ok || len(want.Metrics) != 120 {
			t.Fatalf("golden plateau %q of %d metrics", name, len(want.Metrics))
		}
		reductions := 0
		for i, m := range want.Metrics {
			if p.Observe(m) {
				reductions++
			}
			if got := p.At(Time{Step: int64(i)}); math.Abs(got-want.Values[i]) > 1e-12*want.Values[i] {
				t.Errorf("%s: after metric %d: %.17g, want %.17g", name, i, got, want.Values[i])
				break
			}
		}
		if reductions != p.Reductions() || reductions < 3 {
			t.Errorf("%s: %d reductions reported, %d counted, want at least 3", name, reductions, p.Reductions())
		}
	}
}

// TestPyTorchRestarts holds that the value at every restart is the peak, and that the closed form of
// CosineAnnealingWarmRestarts, which takes a floating-point logarithm, is off at some: so that it is no reference
// there.
func TestPyTorchRestarts(t *testing.T) {
	ours := map[string]Schedule{
		"10,2":  CosineRestarts(0.1, 0.001, 10, 2, 1),
		"10,3":  CosineRestarts(0.1, 0.001, 10, 3, 1),
		"7,5":   CosineRestarts(0.1, 0.001, 7, 5, 1),
		"10,10": CosineRestarts(0.1, 0.001, 10, 10, 1),
	}
	off := map[int64]bool{}
	for name, want := range readGolden(t).Restarts {
		for i, step := range want.Steps {
			if got := ours[name].At(Time{Step: step}); got != 0.1 {
				t.Errorf("%s: restart at %d: %v, want 0.1", name, step, got)
			}
			if want.Values[i] != 0.1 {
				off[step] = true
			}
		}
	}
	if !off[1210] || !off[1110] {
		t.Errorf("PyTorch is off at %v, want 1,110 and 1,210 among them", off)
	}
}
