package train

import (
	"testing"

	"github.com/fallline/fallline/vector"
)

// TestChangesAreFound holds that any change of a number is found where a test may have to be made anew, and at the
// least any of a whole array elsewhere.
func TestChangesAreFound(t *testing.T) {
	for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
		m := newLinear(dt, []int{3000}, 4)
		looked := newChanges(m)
		looked.always = true
		before := looked.hashes()
		for i := range m.weights.Count() {
			x := m.weights.At(i)
			m.weights.Set(i, x+1e-3)
			if i%97 == 0 && looked.hashes() == before {
				t.Errorf("%v: a change of number %d isn't found", dt, i)
			}
			m.weights.Set(i, x)
		}
		if looked.hashes() != before {
			t.Errorf("%v: a change that was undone is found", dt)
		}
		a, b := m.weights.At(0), m.weights.At(1)
		m.weights.Set(0, b)
		m.weights.Set(1, a)
		if looked.hashes() == before {
			t.Errorf("%v: two numbers that changed places aren't found", dt)
		}
		looked.always = false
		before = looked.hashes()
		for _, r := range m.weights.Ranges {
			was := m.weights.Clone()
			for i := r.Lo; i < r.Hi; i++ {
				m.weights.Set(i, was.At(i)+1e-3)
			}
			if looked.hashes() == before {
				t.Errorf("%v: a change of %s isn't found", dt, r.Name)
			}
			m.weights.Copy(was)
		}
		m.moved[0]++
		if looked.hashes() == before {
			t.Errorf("%v: a change of the state isn't found", dt)
		}
	}
}
