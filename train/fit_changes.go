package train

import (
	"hash/maphash"

	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// changes are what hooks do to a model between two iterations. They may write to its weights and its state by any way,
// so that the numbers themselves are compared, by a hash.
type changes struct {
	seed    maphash.Seed
	weights [][]byte // each array, and what of the model's state isn't a statistic
	stats   [][]byte

	ifStopped bool   // whether what a hook that stops the training does is of consequence
	always    bool   // and what any does
	byHook    bool   // and which hook does it
	first     hashes // before the first hook
	last      hashes // before the hook that was called last
	fresh     bool   // nobody was called since last
	times     int    // how many times hooks were found to have changed the model

	// What hooks did after the last iteration.
	movedWeights, movedStats bool
	replaced                 bool // the one that stopped the training put in other weights, which the model is to have
	tested                   bool // what they left was tested
}

// hashes are those of a model's numbers.
type hashes struct{ weights, stats uint64 }

func newChanges(model Model) *changes {
	c := &changes{seed: maphash.MakeSeed()}
	w := model.Weights()
	for _, r := range w.Ranges {
		c.weights = append(c.weights, bytesOf(w.Array(r)))
	}
	names := map[string]bool{}
	if m, ok := model.(Statistical); ok {
		m.Statistics(func(name string, array any) {
			names[name] = true
			c.stats = append(c.stats, bytesOf(array))
		})
	}
	if m, ok := model.(Stateful); ok {
		m.Visit(func(name string, array any) {
			if !names[name] {
				c.weights = append(c.weights, bytesOf(array))
			}
		})
	}
	return c
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

// hashes hashes the numbers as they are: all of them where any hook's change is of consequence, and else, as it is done
// after every iteration, of arrays over wholeBytes those in lines spread over it.
func (c *changes) hashes() hashes { return hashes{c.hash(c.weights), c.hash(c.stats)} }

const (
	wholeBytes = 4096
	lineBytes  = 64
	lines      = wholeBytes / lineBytes
)

func (c *changes) hash(arrays [][]byte) (h uint64) {
	for _, a := range arrays {
		if c.always || len(a) <= wholeBytes {
			h = h*oddFactor + maphash.Bytes(c.seed, a)
			continue
		}
		for i := range lines { // the first and the last line among them
			at := i * (len(a) - lineBytes) / (lines - 1)
			h = h*oddFactor + maphash.Bytes(c.seed, a[at:at+lineBytes])
		}
	}
	return h
}

// oddFactor has hashes of the same numbers in another order differ.
const oddFactor = 0x9e3779b97f4a7c15

// forget forgets what hooks did, before an iteration.
func (c *changes) forget() {
	c.movedWeights, c.movedStats, c.replaced, c.tested = false, false, false, false
}

// numbers are what a checkpoint keeps of what hooks did, each 0 or 1.
func (c *changes) numbers() (did [3]int64) {
	for i, yes := range []bool{c.movedWeights, c.movedStats, c.replaced} {
		if yes {
			did[i] = 1
		}
	}
	return did
}

// set goes back to what numbers gave. The test that a checkpoint has of its last iteration is of what hooks left.
func (c *changes) set(did [3]int64) {
	c.movedWeights, c.movedStats, c.replaced, c.tested = did[0] != 0, did[1] != 0, did[2] != 0, true
}

// stale says whether the last iteration's test is of another model than the hooks left.
func (c *changes) stale() bool { return (c.movedWeights || c.movedStats) && !c.tested }

// oldStatistics says whether the model has statistics of other weights: those of weights that hooks have replaced.
// Where they wrote statistics, too, these are taken for the right ones.
func (c *changes) oldStatistics() bool { return c.movedWeights && !c.movedStats && len(c.stats) > 0 }

// lookBeforeHooks looks at the model before the hooks are called after an iteration, where what they do to it is of
// consequence: where there is a test of it to be made anew, or a solution or statistics that may have to be others.
// ended is whether an epoch has, and tested whether a test is due.
func (f *fit) lookBeforeHooks(ended, tested bool) {
	c := f.changes
	called := len(f.onIteration) > 0 || ended && len(f.onEpoch) > 0
	c.always = called && (tested || f.over())
	c.byHook = called && f.solution != nil
	c.ifStopped = c.always || c.byHook || called && len(c.stats) > 0
	if c.ifStopped {
		c.first = c.hashes()
		c.last, c.fresh = c.first, true
	}
}

// lookAfterHooks finds out what the hooks have done; ends is whether the training ends with them.
func (c *changes) lookAfterHooks(ends bool) {
	if !c.always && !(c.ifStopped && ends) {
		return
	}
	now := c.hashes()
	if now == c.first {
		return
	}
	c.movedWeights = c.movedWeights || now.weights != c.first.weights
	c.movedStats = c.movedStats || now.stats != c.first.stats
	c.tested = false
	c.times++
}

// callHooks calls hooks until one fails. Of the one that stops the training it finds out whether it put in other
// weights, where there is a solution that would take their place.
func callHooks[T any](c *changes, hooks []func(T) error, x T) error {
	for _, h := range hooks {
		if c.byHook && !c.fresh {
			c.last = c.hashes()
		}
		c.fresh = false
		err := h(x)
		if c.byHook && errors.Is(err, Stop) {
			c.replaced = c.hashes().weights != c.last.weights
		}
		if err != nil {
			return err
		}
	}
	return nil
}
