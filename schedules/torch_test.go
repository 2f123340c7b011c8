package schedules

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestPyTorch compares with torch.optim.lr_scheduler, whose values testdata/gen.py wrote.
func TestPyTorch(t *testing.T) {
	data, err := os.ReadFile("testdata/torch.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct{ Values map[string][]float64 }
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	ours := map[string]Schedule{
		"step":            Step(0.5, 0.1, 30),
		"milestones":      Milestones(0.1, 0.1, 30, 60, 90),
		"exponential":     Exponential(0.1, 0.97, 1),
		"cosine":          Cosine(0.1, 0.002, 199),
		"warmup+constant": Warmup(50, Constant(0.4)),
		"warmup+cosine":   Warmup(20, Cosine(0.05, 0.001, 180)),
	}
	if len(golden.Values) != len(ours) {
		t.Fatalf("%d golden schedules, want %d", len(golden.Values), len(ours))
	}
	for name, values := range golden.Values {
		s, ok := ours[name]
		if !ok || len(values) != 200 {
			t.Fatalf("golden schedule %q of %d values", name, len(values))
		}
		for i, want := range values {
			if got := s.At(Time{Step: int64(i)}); math.Abs(got-want) > 1e-12*math.Abs(want)+1e-16 {
				t.Errorf("%s: step %d: %.17g, want %.17g", name, i, got, want)
			}
		}
	}
}
