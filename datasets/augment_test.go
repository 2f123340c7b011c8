package datasets

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/fallline/fallline/batch"
)

// From bytes and from float32 the same transforms make the same bits.
func TestAugmentFromBytes(t *testing.T) {
	for _, shape := range [][]int{{6, 5, 1}, {7, 9, 3}, {6, 6, 2}, {5, 8, 4}} {
		m := pictures(60, shape...)
		f := floats(m)
		for name, transforms := range recipes(shape[2]) {
			index := Order(60, 3, 0)[:40]
			a, b := must(Augment(m, 5, transforms...)), must(Augment(f, 5, transforms...))
			for draw := range uint64(3) {
				x, y := read(a, index, draw), read(b, index, draw)
				if !slices.Equal(x.X, y.X) || !slices.Equal(x.Labels, y.Labels) {
					t.Errorf("%s %v draw %d: differs from float32", name, shape, draw)
				}
				for k, i := range index {
					if x.Labels[k] != m.Label(int(i)) {
						t.Fatalf("label %d of example %d", x.Labels[k], i)
					}
				}
			}
		}
	}
}

// A part of images is read from bytes, too, and is as random as the same part in float32.
func TestAugmentParts(t *testing.T) {
	m := pictures(60, 7, 9, 3)
	index, again := Order(60, 3, 0)[:40], Order(40, 5, 0)[:30]
	part := must(Subset(must(Subset(m, index)), again))
	for name, transforms := range recipes(3) {
		a, b := must(Augment(part, 5, transforms...)), must(Augment(must(Subset(must(Subset(floats(m), index)), again)), 5, transforms...))
		if images, _ := bytesOf(part); images != m {
			t.Fatal("the part isn't read from bytes")
		}
		order := Order(30, 1, 0)
		x, y := read(a, order, 2), read(b, order, 2)
		if !slices.Equal(x.X, y.X) || !slices.Equal(x.Labels, y.Labels) {
			t.Errorf("%s: differs from float32", name)
		}
		fails(t, name, a.Read(&x, []int32{30}, 0), "example 30 of 30")
	}
}

func TestBadAugment(t *testing.T) {
	m := pictures(3, 6, 5, 3)
	rows := must(Blobs(3, 4, 2, 0.1, 1))
	zeros, ones := make([]float64, 3), []float64{1, 1, 1}
	for _, c := range []struct {
		d          Dataset
		transforms []Transform
		want       string
	}{
		{nil, []Transform{RandomFlip()}, "datasets: no dataset"},
		{m, nil, "datasets: an augmentation without transforms"},
		{m, []Transform{RandomFlip(), nil}, "datasets: transform 1 of an augmentation is nil"},
		{m, []Transform{RandomCrop(5)}, "datasets: transform 0: RandomCrop(5): 5 pixels outside [0, 5) for images of shape [6 5 3]"},
		{m, []Transform{RandomCrop(-1)}, "RandomCrop(-1): -1 pixels outside [0, 5)"},
		{m, []Transform{RandomFlip(), Translate(9)}, "datasets: transform 1: Translate(9): 9 pixels outside [0, 5)"},
		{m, []Transform{Cutout(-1)}, "Cutout(-1): size -1 outside [0, 12]"},
		{m, []Transform{Cutout(13)}, "size 13 outside [0, 12] for images of shape [6 5 3]"},
		{m, []Transform{Normalize(zeros[:1], ones)}, "1 means and 3 standard deviations for 3 channels"},
		{m, []Transform{Normalize(zeros, zeros)}, "standard deviation 0 of channel 0"},
		{m, []Transform{Normalize([]float64{0, math.Inf(-1), 0}, ones)}, "mean -Inf of channel 1"},
		{rows, []Transform{RandomCrop(0)}, "examples of shape [4], want images"},
		{rows, []Transform{RandomFlip()}, "examples of shape [4], want images"},
		{rows, []Transform{AlternatingFlip()}, "examples of shape [4], want images"},
		{rows, []Transform{Cutout(0)}, "examples of shape [4], want images"},
		{rows, []Transform{TransformFunc(func(*Image) {})}, "datasets: transform 0: examples of shape [4], want images"},
		{rows, []Transform{Normalize(zeros, ones)}, "3 means and 3 standard deviations for 4 channels"},
	} {
		_, err := Augment(c.d, 1, c.transforms...)
		fails(t, c.want, err, c.want)
	}
	for _, d := range []Dataset{m, floats(m)} {
		fails(t, "index", must(Augment(d, 1, RandomFlip())).Read(new(batch.Batch), []int32{3}, 0), "example 3 of 3")
	}
	short := strange{n: 2, shape: []int{2, 2, 1}, read: func(b *batch.Batch, _ []int32, _ uint64) error { b.X = make([]float32, 3); return nil }}
	fails(t, "short", must(Augment(short, 1, RandomFlip())).Read(new(batch.Batch), []int32{0}, 0), "gave 3 values for 1 examples of shape [2 2 1]")
}

func TestAugmentString(t *testing.T) {
	d := must(Augment(pictures(2, 6, 6, 1), 1, RandomCrop(4), Translate(2), RandomFlip(), AlternatingFlip(), Cutout(3),
		Normalize([]float64{0.5}, []float64{0.25}), TransformFunc(func(*Image) {})))
	want := "RandomCrop(4), Translate(2), RandomFlip(), AlternatingFlip(), Cutout(3), Normalize([0.5], [0.25]), transform"
	if got := fmt.Sprint(d); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAugmentAtOnce(t *testing.T) {
	d := must(Augment(pictures(64, 8, 8, 3), 1, recipes(3)["usual"]...))
	want := read(d, count(64), 1).X
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 10 {
				if got := read(d, count(64), 1).X; !slices.Equal(got, want) {
					t.Error("another batch")
				}
			}
		})
	}
	wait.Wait()
}

func TestAugmentAllocates(t *testing.T) {
	m := pictures(64, 8, 8, 3)
	for _, d := range []Dataset{must(Augment(m, 1, recipes(3)["usual"]...)), must(Augment(floats(m), 1, recipes(3)["mixed"]...))} {
		var b batch.Batch
		index := Order(64, 1, 0)
		// The pool forgets its scratch at a collection of garbage, and under the race detector now and then.
		if n := testing.AllocsPerRun(50, func() {
			if err := d.Read(&b, index, 3); err != nil {
				t.Fatal(err)
			}
		}); n > 5 {
			t.Errorf("%v allocations a batch", n)
		}
	}
}
