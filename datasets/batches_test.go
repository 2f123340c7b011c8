package datasets

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/fallline/fallline/batch"
)

// settled waits for goroutines that are ending.
func settled(want int) int {
	for range 1000 {
		if runtime.NumGoroutine() <= want {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return runtime.NumGoroutine()
}

func TestBatches(t *testing.T) {
	before := runtime.NumGoroutine()
	var sizes []int
	var seen []float32
	for b, err := range Batches(numbers(10), 4, nil, 9) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(b.Labels))
		seen = append(seen, b.X...)
		if b.Labels[0] != 9 {
			t.Errorf("draw %d, want 9", b.Labels[0])
		}
	}
	if !slices.Equal(sizes, []int{4, 4, 2}) || !slices.Equal(seen, all(t, numbers(10))) {
		t.Errorf("batches of %v: %v", sizes, seen)
	}
	seen = seen[:0]
	for b, err := range Batches(numbers(10), 20, []int32{5, 6}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, b.X...)
	}
	if !slices.Equal(seen, []float32{5, 6}) {
		t.Errorf("examples %v", seen)
	}
	for range Batches(numbers(10), 1, nil, 0) {
		break
	}
	if after := settled(before); after > before {
		t.Errorf("%d goroutines left", after-before)
	}
}

// While a batch is in use the next one is read.
func TestBatchesReadAhead(t *testing.T) {
	reads := make(chan int32, 3)
	d := numbers(6).(strange)
	inner := d.read
	d.read = func(b *batch.Batch, index []int32, draw uint64) error {
		reads <- index[0]
		return inner(b, index, draw)
	}
	turn := int32(0)
	for _, err := range Batches(d, 2, nil, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if turn == 0 && <-reads != 0 {
			t.Fatal("another batch is the first")
		}
		if turn < 2 {
			select {
			case first := <-reads:
				if first != 2*turn+2 {
					t.Errorf("turn %d: the batch from %d on is read ahead", turn, first)
				}
			case <-time.After(time.Minute):
				t.Fatalf("turn %d: nothing is read ahead", turn)
			}
		}
		turn++
	}
	if turn != 3 {
		t.Errorf("%d turns, want 3", turn)
	}
}

func TestBatchesErrors(t *testing.T) {
	for _, c := range []struct {
		d     Dataset
		size  int
		order []int32
		want  string
	}{
		{numbers(3), 0, nil, "batches of 0"},
		{nil, 1, nil, "nil"},
		{numbers(3), 2, []int32{0, 1, 3}, "example 3 of 3"},
	} {
		turns := 0
		var last error
		for _, err := range Batches(c.d, c.size, c.order, 0) {
			turns++
			last = err
		}
		fails(t, c.want, last, c.want)
		if want := 1 + len(c.order)/2; turns != want {
			t.Errorf("%s: %d turns, want %d", c.want, turns, want)
		}
	}
}
