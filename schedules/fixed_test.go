package schedules

import "testing"

func TestFixed(t *testing.T) {
	if !Fixed(Constant(0.1)) {
		t.Error("a constant isn't fixed")
	}
	if Fixed(Warmup(10, Constant(0.1))) {
		t.Error("a warm-up is fixed")
	}
}
