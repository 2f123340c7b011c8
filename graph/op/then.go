package op

import "github.com/fallline/fallline/internal/kernel/threads"

// Then is what an operation may do with its result before it is stored, in one pass over memory instead of several: an
// activation, and then a max pool. The zero Then is nothing.
type Then struct {
	Activation Activation
	MaxPool    Pool2DConfig // of images; the zero configuration is no pool
}

// String is the Then behind an operation's name, as in "+relu+maxpool2d".
func (t Then) String() string {
	s := ""
	if t.Activation != Identity {
		s = "+" + t.Activation.String()
	}
	if t.pools() {
		s += "+maxpool2d"
	}
	return s
}

// pools says whether there is a pool.
func (t Then) pools() bool { return t.MaxPool != Pool2DConfig{} }

// Plus adds what u does behind t, and says whether one Then can say both: nothing follows a pool, and an activation
// only nothing.
func (t Then) Plus(u Then) (both Then, ok bool) {
	if t.pools() || t.Activation != Identity && u.Activation != Identity {
		return t, false
	}
	return Then{max(t.Activation, u.Activation), u.MaxPool}, true
}

// Follower is an optional interface of Body and ExtraBody, of an operation with one input: it says what the operation
// does as a Then, so that the operation before it can take it over.
type Follower interface {
	Description
	Then() (t Then, ok bool)
}

// ThenOf is what an operation does as a Then, if it is a Follower and there is such a Then.
func ThenOf(next Description) (t Then, ok bool) {
	if f, is := next.(Follower); is {
		return f.Then()
	}
	return Then{}, false
}

// Fuser is an optional interface of Body and ExtraBody: it can take over its only consumer, which has no other input.
type Fuser interface {
	Description

	// Fuse returns the Body or ExtraBody that maps the inputs of this operation to the result of next, and nil where
	// there is none. Its gradient must be right, too, and it may be a Fuser itself.
	Fuse(next Description) Description
}

// with is the Then of an operation that does t and takes over next, if it can do all of that at once.
func (t Then) with(next Description) (both Then, ok bool) {
	u, ok := ThenOf(next)
	if !ok {
		return t, false
	}
	return t.Plus(u)
}

// Task is the body of a parallel loop: Run does the i-th part.
type Task interface{ Run(i int) }

// Parallel calls t.Run(i) once for each i from 0 to n−1, in any order, on the module's threads, whose number
// fallline.SetThreads sets, and returns when all calls are done. A call from within a Run is done by its thread alone.
// Give it a pointer that lives longer than the call: any other Task costs an allocation.
func Parallel(n int, t Task) { threads.Parallel(n, t) }
