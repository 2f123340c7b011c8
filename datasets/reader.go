package datasets

import (
	"runtime/debug"
	"slices"
	"sync/atomic"

	"github.com/fallline/fallline/batch"
	"github.com/pkg/errors"
)

// Reader reads batches of a dataset, and reads ahead the batches it is told of: on a goroutine of its own, a bounded
// number of them, into buffers that it uses again. What it returns is what Dataset.Read gives, whether it was read
// ahead or not. A value or target that isn't finite is an error that names the example and the value: nothing can be
// learned from it.
//
// A Reader has one user: its methods must not be called from several goroutines at once. Close ends its goroutine.
type Reader struct {
	data    Dataset
	size    int
	finite  bool // its numbers are, and needn't be looked at
	work    chan *request
	pending []*request // told of, oldest first; the goroutine works in this order
	free    []*request
	current *request // what Batch returned last
	closed  bool
	closing atomic.Bool // the goroutine is to read no more
	stopped chan struct{}
}

// request is a batch to read and then what was read.
type request struct {
	index []int32
	draw  uint64
	batch batch.Batch
	err   error
	panic *panicked
	done  chan struct{} // gets one element when the goroutine has read the batch
}

type panicked struct {
	value any
	stack []byte
}

// NewReader makes a Reader that reads at most ahead batches ahead, at least 1: 2 keep a goroutine busy.
func NewReader(d Dataset, ahead int) (*Reader, error) {
	if err := Validate(d); err != nil {
		return nil, err
	}
	if ahead < 1 {
		return nil, errors.Errorf("datasets: a reader %d batches ahead, want at least 1", ahead)
	}
	r := &Reader{data: d, size: Features(d.Shape()), finite: keepsFinite(d), work: make(chan *request, ahead), stopped: make(chan struct{})}
	for range ahead {
		r.free = append(r.free, &request{done: make(chan struct{}, 1)})
	}
	r.current = &request{done: make(chan struct{}, 1)}
	go r.run()
	return r, nil
}

// run is the goroutine: it reads what was told until Close.
func (r *Reader) run() {
	defer close(r.stopped)
	for q := range r.work {
		if !r.closing.Load() {
			r.attempt(q)
		}
		q.done <- struct{}{}
	}
}

// attempt reads a batch and keeps a panic of the dataset's Read, which is raised again where the batch is wanted:
// nobody could recover it here.
func (r *Reader) attempt(q *request) {
	defer func() {
		if v := recover(); v != nil {
			q.panic = &panicked{v, debug.Stack()}
		}
	}()
	q.err = r.read(q)
}

func (r *Reader) read(q *request) error {
	if err := r.data.Read(&q.batch, q.index, q.draw); err != nil {
		return err
	}
	q.batch.Of(q.index, q.draw)
	if err := r.check(q); err != nil || r.finite {
		return err
	}
	return errors.WithMessagef(r.checkValues(q), "datasets: %T", r.data)
}

// check makes sure that a dataset keeps to its word, so that users of a batch needn't.
func (r *Reader) check(q *request) error {
	n, b := len(q.index), &q.batch
	if len(b.X) != n*r.size {
		return errors.Errorf("datasets: %T gave %d values for %d examples of shape %v", r.data, len(b.X), n, r.data.Shape())
	}
	classes := r.data.Classes()
	if classes == 0 {
		if n > 0 && (len(b.Targets) == 0 || len(b.Targets)%n != 0 || len(b.Labels) != 0) {
			return errors.Errorf("datasets: %T gave %d targets and %d labels for %d examples of a regression", r.data, len(b.Targets), len(b.Labels), n)
		}
		return nil
	}
	if len(b.Labels) != n || len(b.Targets) != 0 {
		return errors.Errorf("datasets: %T gave %d labels and %d targets for %d examples with a class", r.data, len(b.Labels), len(b.Targets), n)
	}
	return errors.WithMessage(b.CheckLabels(classes), "datasets")
}

// checkValues looks at the values and targets of a dataset that isn't known to keep them finite.
func (r *Reader) checkValues(q *request) error {
	b := &q.batch
	if err := checkFinite(feature, b.X, r.size, q.index); err != nil || len(b.Targets) == 0 {
		return err
	}
	return checkFinite(target, b.Targets, len(b.Targets)/len(q.index), q.index)
}

// is says whether the request is for the same examples at the same draw.
func (q *request) is(b batch.Batch) bool {
	return q.draw == b.Draw && slices.Equal(q.index, b.Index)
}

func (q *request) set(b batch.Batch) {
	q.index = append(q.index[:0], b.Index...)
	q.draw, q.err, q.panic = b.Draw, nil, nil
}

// Prefetch tells of a batch that will be wanted soon, by its Index, which is copied, and its Draw. It returns at once.
// Where as many batches as the Reader may read ahead are waiting and the oldest of them is still being read, nothing
// happens, and Batch will read this one itself; an oldest that was read but never wanted gives way.
func (r *Reader) Prefetch(b batch.Batch) {
	if r.closed || r.current.is(b) {
		return
	}
	if slices.ContainsFunc(r.pending, func(q *request) bool { return q.is(b) }) {
		return
	}
	if len(r.free) == 0 && !r.dropOldest() {
		return
	}
	q := r.free[len(r.free)-1]
	r.free = r.free[:len(r.free)-1]
	q.set(b)
	r.pending = append(r.pending, q)
	r.work <- q // never blocks: the channel has room for all there are
}

func (r *Reader) dropOldest() bool {
	select {
	case <-r.pending[0].done:
		r.free = append(r.free, r.pending[0])
		r.pending = slices.Delete(r.pending, 0, 1)
		return true
	default:
		return false
	}
}

// Batch returns b with its examples: those of its Index at its Draw. They are valid until the next call of Batch or
// Close, and must not be changed. The batch that was returned last costs nothing when it is wanted again. Batches told
// of before this one and never wanted are forgotten.
func (r *Reader) Batch(b batch.Batch) (batch.Batch, error) {
	if r.closed {
		return b, errors.New("datasets: the reader is closed")
	}
	if !r.current.is(b) || r.current.err != nil {
		r.advance(b)
	}
	q := r.current
	if p := q.panic; p != nil {
		panic(errors.Errorf("datasets: reading ahead: %v\n%s", p.value, p.stack))
	}
	if q.err != nil {
		return b, q.err
	}
	read := q.batch
	read.Index, read.MoveStats = b.Index, b.MoveStats
	return read, nil
}

// advance makes the batch of these numbers the current one.
func (r *Reader) advance(b batch.Batch) {
	at := slices.IndexFunc(r.pending, func(q *request) bool { return q.is(b) })
	if at < 0 {
		r.current.set(b)
		r.current.err = r.read(r.current)
		return
	}
	for _, q := range r.pending[:at+1] {
		<-q.done
	}
	r.free = append(append(r.free, r.pending[:at]...), r.current)
	r.current = r.pending[at]
	r.pending = slices.Delete(r.pending, 0, at+1)
}

// Close ends the goroutine and returns when it has ended: after the batch that it is reading, if it is at one. It may
// be called twice.
func (r *Reader) Close() {
	if !r.closed {
		r.closed = true
		r.closing.Store(true)
		close(r.work)
	}
	<-r.stopped
}
