package datasets

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/pkg/errors"
)

func TestReaderGivesWhatReadGives(t *testing.T) {
	d := must(Blobs(100, 5, 3, 1, 1))
	for _, ahead := range []int{1, 2, 5} {
		r := must(NewReader(d, ahead))
		order := Order(100, 3, 0)
		examples := func(k int) []int32 { return order[k*7%90 : k*7%90+1+k%10] }
		for k := range 60 {
			for j := range k % 4 { // 0 to 3 batches told of, some of them never wanted
				r.Prefetch(batch.Batch{Index: examples(k + j), Draw: uint64(j % 2)})
			}
			var want batch.Batch
			if err := d.Read(&want, examples(k), 0); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				b, err := r.Batch(batch.Batch{Index: examples(k)})
				if err != nil || !slices.Equal(b.X, want.X) || !slices.Equal(b.Labels, want.Labels) {
					t.Fatalf("ahead %d, batch %d: %v, want %v (%v)", ahead, k, b, want, err)
				}
			}
		}
		r.Close()
		r.Close()
	}
}

// What is told is read on another goroutine before it is wanted, in the given buffers, and no more than was allowed.
func TestReaderReadsAhead(t *testing.T) {
	var reads atomic.Int32
	gate, started := make(chan struct{}), make(chan struct{}, 10)
	d := strange{n: 10, shape: []int{1}, classes: 10, read: func(b *batch.Batch, index []int32, _ uint64) error {
		started <- struct{}{}
		<-gate
		reads.Add(1)
		b.X, b.Labels = append(b.X[:0], float32(index[0])), append(b.Labels[:0], 1)
		return nil
	}}
	r := must(NewReader(d, 2))
	defer r.Close()
	for i := range int32(5) { // the first is being read, so that the oldest can't give way to the last three
		r.Prefetch(batch.Batch{Index: []int32{i}})
		r.Prefetch(batch.Batch{Index: []int32{i}}) // twice is once
	}
	<-started
	close(gate)
	for _, i := range []int32{0, 1, 1} {
		if b, err := r.Batch(batch.Batch{Index: []int32{i}}); err != nil || b.X[0] != float32(i) {
			t.Fatalf("batch %d: %v, %v", i, b, err)
		}
	}
	if n := reads.Load(); n != 2 {
		t.Errorf("%d reads for two batches", n)
	}
	if b, err := r.Batch(batch.Batch{Index: []int32{4}}); err != nil || b.X[0] != 4 {
		t.Errorf("a batch that couldn't be read ahead: %v, %v", b, err)
	}
}

// Batches that were read ahead and never wanted don't block the ones after them.
func TestReaderForgetsUnwanted(t *testing.T) {
	var reads atomic.Int32
	d := numbers(100).(strange)
	inner := d.read
	d.read = func(b *batch.Batch, index []int32, draw uint64) error {
		defer reads.Add(1)
		return inner(b, index, draw)
	}
	r := must(NewReader(d, 1))
	defer r.Close()
	for i := range int32(50) {
		r.Prefetch(batch.Batch{Index: []int32{i}, Draw: 1})
		for reads.Load() <= i {
			runtime.Gosched()
		}
		for len(r.pending[0].done) == 0 {
			runtime.Gosched()
		}
	}
	if b, err := r.Batch(batch.Batch{Index: []int32{49}, Draw: 1}); err != nil || b.X[0] != 49 || reads.Load() != 50 {
		t.Errorf("%v after %d reads, want the last batch from 50 (%v)", b, reads.Load(), err)
	}
}

func TestReaderPassesErrorsOn(t *testing.T) {
	broken := errors.New("disk on fire")
	n := 0
	d := strange{n: 4, shape: []int{1}, classes: 1, read: func(b *batch.Batch, index []int32, _ uint64) error {
		if n++; n <= 2 {
			return broken
		}
		b.X, b.Labels = append(b.X[:0], 1), append(b.Labels[:0], 0)
		return nil
	}}
	r := must(NewReader(d, 1))
	defer r.Close()
	r.Prefetch(batch.Batch{Index: []int32{0}})
	if _, err := r.Batch(batch.Batch{Index: []int32{0}}); !errors.Is(err, broken) {
		t.Errorf("read ahead: error %v", err)
	}
	if _, err := r.Batch(batch.Batch{Index: []int32{0}}); !errors.Is(err, broken) {
		t.Errorf("read at once: error %v", err)
	}
	if _, err := r.Batch(batch.Batch{Index: []int32{0}}); err != nil {
		t.Errorf("the error stays: %v", err)
	}
}

// A panic of the dataset comes out where the batch is wanted, with its stack.
func TestReaderPassesPanicsOn(t *testing.T) {
	d := strange{n: 4, shape: []int{1}, classes: 1, read: func(*batch.Batch, []int32, uint64) error { panic("no such row") }}
	r := must(NewReader(d, 1))
	defer r.Close()
	r.Prefetch(batch.Batch{Index: []int32{0}})
	defer func() {
		if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), "no such row") || !strings.Contains(err.Error(), "reader_test.go") {
			t.Errorf("panic %v", err)
		}
	}()
	r.Batch(batch.Batch{Index: []int32{0}})
	t.Error("no panic")
}

func TestReaderChecksTheDataset(t *testing.T) {
	x, l, y := []float32{1, 2}, []int{0, 1}, []float32{1, 2}
	for _, c := range []struct {
		classes int
		b       batch.Batch
		want    string
	}{
		{2, batch.Batch{X: x[:1], Labels: l}, "1 values for 2 examples of shape [1]"},
		{2, batch.Batch{X: x, Labels: l[:1]}, "1 labels"},
		{2, batch.Batch{X: x, Labels: l, Targets: y}, "2 targets"},
		{2, batch.Batch{X: x, Labels: []int{0, 2}}, "label 2 of example 3 outside [0, 2)"},
		{2, batch.Batch{X: x, Labels: []int{-1, 0}}, "label -1 of example 1"},
		{0, batch.Batch{X: x}, "0 targets"},
		{0, batch.Batch{X: x, Targets: []float32{1, 2, 3}}, "3 targets"},
		{0, batch.Batch{X: x, Targets: y, Labels: l}, "2 labels"},
	} {
		d := strange{n: 4, shape: []int{1}, classes: c.classes, read: func(b *batch.Batch, _ []int32, _ uint64) error { *b = c.b; return nil }}
		r := must(NewReader(d, 1))
		_, err := r.Batch(batch.Batch{Index: []int32{1, 3}})
		fails(t, c.want, err, c.want)
		r.Prefetch(batch.Batch{Index: []int32{1, 3}, Draw: 1})
		_, err = r.Batch(batch.Batch{Index: []int32{1, 3}, Draw: 1})
		fails(t, "ahead: "+c.want, err, c.want)
		r.Close()
	}
}

func TestReaderClosed(t *testing.T) {
	r := must(NewReader(numbers(3), 3))
	for i := range int32(3) {
		r.Prefetch(batch.Batch{Index: []int32{i}})
	}
	r.Close()
	r.Prefetch(batch.Batch{Index: []int32{0}, Draw: 1})
	_, err := r.Batch(batch.Batch{Index: []int32{0}})
	fails(t, "closed", err, "closed")
	_, err = NewReader(numbers(3), 0)
	fails(t, "ahead", err, "0 batches ahead")
	_, err = NewReader(nil, 1)
	fails(t, "nil", err, "nil")
}

func TestReaderAllocatesNothing(t *testing.T) {
	d := must(Blobs(64, 3, 2, 1, 1))
	r := must(NewReader(d, 2))
	defer r.Close()
	order := Order(64, 1, 0)
	k := 0
	step := func() {
		this, next := order[k:k+8], order[(k+8)%64:(k+8)%64+8]
		k = (k + 8) % 64
		r.Prefetch(batch.Batch{Index: next})
		if _, err := r.Batch(batch.Batch{Index: this}); err != nil {
			t.Error(err)
		}
	}
	for range 16 {
		step()
	}
	if n := testing.AllocsPerRun(100, step); n >= 1 {
		t.Errorf("%v allocations a batch", n)
	}
}
