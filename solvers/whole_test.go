package solvers

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// seeing is a rule that notes what it is given.
type seeing struct{ calls *[3]atomic.Pointer[call] }

type call struct {
	shape   []int
	w, more int
	first   float64
}

func (seeing) Spec() Spec {
	return Spec{State: []string{"seen"}, Whole: true, Scratch: func(shape []int) int { return 3 * len(shape) }}
}

func (r seeing) Update(s *Step, w, g []float64, state [][]float64) {
	c := &call{slices.Clone(s.Shape), len(w), len(state[1]), state[0][0]}
	state[0][0]++
	for i := range state[1] {
		state[1][i] = 7 // nobody else's
	}
	r.calls[int(g[0])].Store(c)
}

// TestWholeRulesSeeParametersWithTheirShapes holds that a rule over whole parameters gets each of them once a step,
// small and large, with its shape, its state and its scratch memory, in both types.
func TestWholeRulesSeeParametersWithTheirShapes(t *testing.T) {
	shapes := [][]int{{3, 5, 7}, {}, {600, 700}}
	for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
		var calls [3]atomic.Pointer[call]
		obj := &function{dt: dt, f: func(w, g []float64) float64 {
			at := 0
			for i, shape := range shapes {
				g[at] = float64(i)
				at += product(shape)
			}
			return 0
		}}
		for i, shape := range shapes {
			obj.params = append(obj.params, vector.Param{Name: string(rune('a' + i)), Shape: shape})
		}
		run := open(t, solver(t, seeing{&calls}, Rate(schedules.Constant(1))), obj, make([]float64, 105+1+420000), nil)
		for step := range 3 {
			next(t, run, 1)
			for i, shape := range shapes {
				c := calls[i].Swap(nil)
				if c == nil {
					t.Fatalf("%v: step %d: parameter %d wasn't stepped", dt, step, i)
				}
				if !slices.Equal(c.shape, shape) || c.w != product(shape) || c.more != 3*len(shape) || c.first != float64(step) {
					t.Errorf("%v: step %d: parameter %d of shape %v: %+v", dt, step, i, shape, *c)
				}
			}
		}
		if bytes := run.solver.Memory(obj, 1); bytes < 2*run.w.Bytes() {
			t.Errorf("%v: memory of %d bytes", dt, bytes)
		}
	}
}

type scratchy struct{ SGD }

func (scratchy) Spec() Spec { return Spec{Scratch: func([]int) int { return 1 }} }

func TestScratchIsForWholeRules(t *testing.T) {
	if _, err := New(scratchy{}, Rate(schedules.Constant(1))); err == nil || !strings.Contains(err.Error(), "set Spec.Whole") {
		t.Errorf("error %v", err)
	}
}
