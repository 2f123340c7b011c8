package train

import (
	"hash/maphash"
	"unsafe"

	"github.com/pkg/errors"
)

// touch finds out what hooks do to a model between two iterations: they may write to its weights and its state by any way, so that it is the
// numbers themselves that are compared, by a hash.
type touch struct {
	seed    maphash.Seed
	weights []any // the weights, and what of the model's state isn't a statistic
	stats   []any

	on    bool // whether what a hook that stops the training does is of consequence
	end   bool // and what any does
	first mark // before the first hook
	last  mark // before the hook that was called last

	// What hooks did after the last iteration.
	movedWeights, movedStats bool
	replaced                 bool // the one that stopped the training put in other weights: they are what the model is to have
	tested                   bool // what they left was tested
}

// mark is a hash of a model's numbers.
type mark struct{ weights, stats uint64 }

func newTouch(model Model) *touch {
	t := &touch{seed: maphash.MakeSeed()}
	if w := model.Weights(); w.F64 != nil {
		t.weights = append(t.weights, w.F64)
	} else {
		t.weights = append(t.weights, w.F32)
	}
	names := map[string]bool{}
	if m, ok := model.(Statistical); ok {
		m.Statistics(func(name string, array any) {
			names[name] = true
			t.stats = append(t.stats, array)
		})
	}
	if m, ok := model.(Stateful); ok {
		m.Visit(func(name string, array any) {
			if !names[name] {
				t.weights = append(t.weights, array)
			}
		})
	}
	return t
}

// mark hashes the numbers as they are.
func (t *touch) mark() mark { return mark{t.hash(t.weights), t.hash(t.stats)} }

func (t *touch) hash(arrays []any) uint64 {
	var h uint64
	for _, a := range arrays {
		switch a := a.(type) {
		case []float32:
			h = mix(h, t.seed, a)
		case []float64:
			h = mix(h, t.seed, a)
		case []int64:
			h = mix(h, t.seed, a)
		}
	}
	return h
}

func mix[T float32 | float64 | int64](h uint64, seed maphash.Seed, x []T) uint64 {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(T(0))))
	return h*0x9e3779b97f4a7c15 + maphash.Bytes(seed, bytes)
}

// begin forgets what hooks did, before an iteration.
func (t *touch) begin() {
	t.movedWeights, t.movedStats, t.replaced, t.tested = false, false, false, false
}

// numbers are what a checkpoint keeps of what hooks did, each 0 or 1.
func (t *touch) numbers() []int64 {
	did := make([]int64, 3)
	for i, yes := range []bool{t.movedWeights, t.movedStats, t.replaced} {
		if yes {
			did[i] = 1
		}
	}
	return did
}

// set goes back to what numbers gave. The test that a checkpoint has of its last iteration is of what hooks left.
func (t *touch) set(did []int64) {
	t.movedWeights, t.movedStats, t.replaced, t.tested = did[0] != 0, did[1] != 0, did[2] != 0, true
}

// stale says whether the last iteration's test is of another model than the hooks left.
func (t *touch) stale() bool { return (t.movedWeights || t.movedStats) && !t.tested }

// orphaned says whether the model has statistics of other weights: those of weights that hooks have replaced. Where they wrote
// statistics, too, these are taken for the right ones.
func (t *touch) orphaned() bool { return t.movedWeights && !t.movedStats && len(t.stats) > 0 }

// watch looks at the model before the hooks are called after an iteration, where what they do to it is of consequence: where there is a
// test of it to be made anew, or a solution or statistics that may have to be others. tested is whether a test is due.
func (f *fit) watch(tested bool) {
	t := f.touch
	t.end = tested || f.over()
	t.on = t.end || f.solution != nil || len(t.stats) > 0
	if len(f.onIteration)+len(f.onEpoch) == 0 {
		t.on, t.end = false, false
	}
	if t.on {
		t.first = t.mark()
	}
}

// look finds out what the hooks have done; ends is whether the training ends with them.
func (t *touch) look(ends bool) {
	if !t.end && !(t.on && ends) {
		return
	}
	now := t.mark()
	if now == t.first {
		return
	}
	t.movedWeights = t.movedWeights || now.weights != t.first.weights
	t.movedStats = t.movedStats || now.stats != t.first.stats
	t.tested = false
}

// callHooks calls hooks until one fails. Of the one that stops the training it finds out whether it put in other weights.
func callHooks[T any](t *touch, hooks []func(T) error, x T) error {
	for _, h := range hooks {
		if t.on {
			t.last = t.mark()
		}
		err := h(x)
		if t.on && errors.Is(err, Stop) {
			t.replaced = t.mark().weights != t.last.weights
		}
		if err != nil {
			return err
		}
	}
	return nil
}
