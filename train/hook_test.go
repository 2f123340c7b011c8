package train

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/fallline/fallline/vector"
)

func TestHooks(t *testing.T) {
	d := blobs(10)
	m := newLinear(vector.Float32, d.Shape(), 4)
	var log []string
	note := func(name string) Option {
		return OnIteration(func(it Iteration) error {
			log = append(log, fmt.Sprintf("%s %d at %v of %d", name, it.Number, it.Epoch, it.Examples))
			if it.Loss <= 0 || it.Norm <= 0 || it.Rate != 0.1 {
				t.Errorf("%+v", it)
			}
			return nil
		})
	}
	_, err := Fit(background, m, d, sgd(0.1), Epochs(2), Batch(8), Test(d), note("a"), note("b"),
		OnEpoch(func(e Epoch) error {
			log = append(log, fmt.Sprintf("epoch %d tested %v", e.Number, e.Test != nil))
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a 1 at 0.8 of 8", "b 1 at 0.8 of 8", "a 2 at 1 of 2", "b 2 at 1 of 2", "epoch 1 tested true",
		"a 3 at 1.8 of 8", "b 3 at 1.8 of 8", "a 4 at 2 of 2", "b 4 at 2 of 2", "epoch 2 tested true",
	}
	if !reflect.DeepEqual(log, want) {
		t.Errorf("hooks were called as %q, want %q", log, want)
	}
}

func TestHookStops(t *testing.T) {
	d := blobs(40) // 5 iterations an epoch
	for _, c := range []struct {
		hook       Option
		iterations int64
		epochs     int
		tests      []int64
	}{
		{OnIteration(func(it Iteration) error {
			if it.Number == 7 {
				return Stop
			}
			return nil
		}), 7, 2, []int64{5, 7}},
		{OnEpoch(func(e Epoch) error {
			if e.Number == 3 {
				return Stop
			}
			return nil
		}), 15, 3, []int64{5, 10, 15}},
	} {
		m := newLinear(vector.Float32, d.Shape(), 4)
		path := t.TempDir() + "/stop"
		h, err := Fit(background, m, d, sgd(0.1), Epochs(9), Batch(8), Test(d), Save(path), c.hook)
		if err != nil || h.Iterations != c.iterations || len(h.Epochs) != c.epochs {
			t.Errorf("%+v, %v", h, err)
		}
		if at := testedAfter(h); !slices.Equal(at, c.tests) {
			t.Errorf("tested after %v, want %v", at, c.tests)
		}
		again, err := Fit(background, newLinear(vector.Float32, d.Shape(), 4), d, sgd(0.1), Iterations(int(c.iterations)), Batch(8), Resume(path))
		if err != nil || again.Iterations != c.iterations {
			t.Errorf("what was saved at the stop: %+v, %v", again, err)
		}
	}
}

// A hook's panic is the caller's, and leaves no goroutine behind.
func TestHookPanics(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		defer func() {
			if recover() != "mine" {
				t.Error("the panic was swallowed")
			}
		}()
		d := blobs(10)
		Fit(background, newLinear(vector.Float32, d.Shape(), 4), d, sgd(0.1), Test(d), OnIteration(func(Iteration) error { panic("mine") }))
	}()
	checkGoroutines(t, before)
}
