package train

import (
	"hash/maphash"

	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// touch finds out what hooks do to a model between two iterations: they may write to its weights and its state by any way, so that it is the
// numbers themselves that are compared, by a hash.
type touch struct {
	seed    maphash.Seed
	weights [][]byte // each array, and what of the model's state isn't a statistic
	stats   [][]byte

	on    bool // whether what a hook that stops the training does is of consequence
	end   bool // and what any does
	each  bool // and which hook does it
	first mark // before the first hook
	last  mark // before the hook that was called last
	fresh bool // nobody was called since last

	changes int // how many times hooks were found to have changed the model

	// What hooks did after the last iteration.
	movedWeights, movedStats bool
	replaced                 bool // the one that stopped the training put in other weights: they are what the model is to have
	tested                   bool // what they left was tested
}

// mark is a hash of a model's numbers.
type mark struct{ weights, stats uint64 }

func newTouch(model Model) *touch {
	t := &touch{seed: maphash.MakeSeed()}
	w := model.Weights()
	for _, r := range w.Ranges {
		t.weights = append(t.weights, bytesOf(w.Array(r)))
	}
	names := map[string]bool{}
	if m, ok := model.(Statistical); ok {
		m.Statistics(func(name string, array any) {
			names[name] = true
			t.stats = append(t.stats, bytesOf(array))
		})
	}
	if m, ok := model.(Stateful); ok {
		m.Visit(func(name string, array any) {
			if !names[name] {
				t.weights = append(t.weights, bytesOf(array))
			}
		})
	}
	return t
}

// bytesOf are those of a slice that a checkpoint can hold.
func bytesOf(array any) []byte {
	switch a := array.(type) {
	case []float32:
		return memory.Bytes(a)
	case []float64:
		return memory.Bytes(a)
	case []int64:
		return memory.Bytes(a)
	}
	return nil
}

// mark hashes the numbers as they are: all of them where any hook's change is of consequence, and else, as it is done after every iteration, of
// arrays over wholeBytes those in lines spread over it.
func (t *touch) mark() mark { return mark{t.hash(t.weights), t.hash(t.stats)} }

const (
	wholeBytes = 4096
	lineBytes  = 64
	lines      = wholeBytes / lineBytes
)

func (t *touch) hash(arrays [][]byte) (h uint64) {
	for _, a := range arrays {
		if t.end || len(a) <= wholeBytes {
			h = h*oddFactor + maphash.Bytes(t.seed, a)
			continue
		}
		for i := range lines { // the first and the last line among them
			at := i * (len(a) - lineBytes) / (lines - 1)
			h = h*oddFactor + maphash.Bytes(t.seed, a[at:at+lineBytes])
		}
	}
	return h
}

// oddFactor has hashes of the same numbers in another order differ.
const oddFactor = 0x9e3779b97f4a7c15

// begin forgets what hooks did, before an iteration.
func (t *touch) begin() {
	t.movedWeights, t.movedStats, t.replaced, t.tested = false, false, false, false
}

// numbers are what a checkpoint keeps of what hooks did, each 0 or 1.
func (t *touch) numbers() (did [3]int64) {
	for i, yes := range []bool{t.movedWeights, t.movedStats, t.replaced} {
		if yes {
			did[i] = 1
		}
	}
	return did
}

// set goes back to what numbers gave. The test that a checkpoint has of its last iteration is of what hooks left.
func (t *touch) set(did [3]int64) {
	t.movedWeights, t.movedStats, t.replaced, t.tested = did[0] != 0, did[1] != 0, did[2] != 0, true
}

// stale says whether the last iteration's test is of another model than the hooks left.
func (t *touch) stale() bool { return (t.movedWeights || t.movedStats) && !t.tested }

// orphaned says whether the model has statistics of other weights: those of weights that hooks have replaced. Where they wrote
// statistics, too, these are taken for the right ones.
func (t *touch) orphaned() bool { return t.movedWeights && !t.movedStats && len(t.stats) > 0 }

// watch looks at the model before the hooks are called after an iteration, where what they do to it is of consequence: where there is a
// test of it to be made anew, or a solution or statistics that may have to be others. ended is whether an epoch has, and
// tested whether a test is due.
func (f *fit) watch(ended, tested bool) {
	t := f.touch
	any := len(f.onIteration) > 0 || ended && len(f.onEpoch) > 0
	t.end = any && (tested || f.over())
	t.each = any && f.solution != nil
	t.on = t.end || t.each || any && len(t.stats) > 0
	if t.on {
		t.first = t.mark()
		t.last, t.fresh = t.first, true
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
	t.changes++
}

// callHooks calls hooks until one fails. Of the one that stops the training it finds out whether it put in other weights, where there is
// a solution that would take their place.
func callHooks[T any](t *touch, hooks []func(T) error, x T) error {
	for _, h := range hooks {
		if t.each && !t.fresh {
			t.last = t.mark()
		}
		t.fresh = false
		err := h(x)
		if t.each && errors.Is(err, Stop) {
			t.replaced = t.mark().weights != t.last.weights
		}
		if err != nil {
			return err
		}
	}
	return nil
}
