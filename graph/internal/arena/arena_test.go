package arena

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/memory"
)

// TestLayout checks at random that places in use don't overlap, are aligned and are used again.
func TestLayout(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var l Layout
	live := map[int]Span{}
	most, total := 0, 0
	for i := range 5000 {
		if len(live) > 0 && rng.IntN(5) < 2 || len(live) > 20 {
			for k, s := range live {
				l.Release(s)
				delete(live, k)
				break
			}
			continue
		}
		s := l.Take(1 + rng.IntN(1000))
		if s.Lo%memory.Line != 0 || s.Hi > l.Size || s.Lo >= s.Hi {
			t.Fatalf("place %v of %d", s, l.Size)
		}
		for _, o := range live {
			if s.Lo < o.Hi && o.Lo < s.Hi {
				t.Fatalf("%v overlaps %v", s, o)
			}
		}
		live[i] = s
		sum := 0
		for _, o := range live {
			sum += o.Hi - o.Lo
		}
		most, total = max(most, sum), total+s.Hi-s.Lo
	}
	if l.Size > 2*most || l.Size < most {
		t.Errorf("%d bytes for at most %d in use at once", l.Size, most)
	}
	for _, s := range live {
		l.Release(s)
	}
	if len(l.free) != 1 || l.free[0] != (Span{0, l.Size}) {
		t.Errorf("free at the end: %v of %d", l.free, l.Size)
	}
}
