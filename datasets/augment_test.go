package datasets

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
)

// golden is testdata/augment.json.
type golden struct {
	Shifts []struct {
		Shape  []int
		Dy, Dx int
		By     string
		Want   []int
	}
	Statistics []struct {
		N             int
		Shape         []int
		Mean, Std     []float64 // of p/255
		Mean32, Std32 []float64 // of p/255 in float32
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	text, err := os.ReadFile("testdata/augment.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// pictures makes n images as testdata/gen.py does, with their numbers mod 7 for labels.
func pictures(n int, shape ...int) *Images {
	pixels, labels := make([]uint8, n*Features(shape)), make([]int, n)
	for i := range pixels {
		pixels[i] = uint8((i*i*37 + i*11) % 251)
	}
	for i := range labels {
		labels[i] = i % 7
	}
	return must(NewImages(shape, pixels, labels, 7))
}

// floats returns the same examples as a dataset that isn't an Images.
func floats(m *Images) Dataset {
	b := read(m, count(m.Len()), 0)
	return must(NewExamples(m.Shape(), b.X, b.Labels, m.Classes()))
}

func read(d Dataset, index []int32, draw uint64) Batch {
	var b Batch
	if err := d.Read(&b, index, draw); err != nil {
		panic(err)
	}
	return b
}

// recipes are lists of transforms, for images of 6 by 5 pixels or more.
func recipes(channels int) map[string][]Transform {
	mean, std := make([]float64, channels), make([]float64, channels)
	for c := range mean {
		mean[c], std[c] = 0.3+0.1*float64(c), 0.2+0.05*float64(c)
	}
	negate := TransformFunc(func(m *Image) {
		for i, x := range m.Values() {
			m.Values()[i] = -x
		}
	})
	twice := TransformFunc(func(m *Image) { Normalize(mean, std).Apply(m) })
	return map[string][]Transform{
		"crop":         {RandomCrop(2)},
		"translate":    {Translate(4)},
		"flip":         {RandomFlip()},
		"alternating":  {AlternatingFlip()},
		"cutout":       {Cutout(3)},
		"normalize":    {Normalize(mean, std)},
		"usual":        {RandomCrop(2), RandomFlip(), Normalize(mean, std), Cutout(3)},
		"cutout first": {Cutout(3), RandomCrop(2), Normalize(mean, std), RandomFlip()},
		"mixed":        {Translate(2), Normalize(mean, std), RandomFlip(), Normalize(std, mean), RandomCrop(1), Cutout(4), AlternatingFlip()},
		"own":          {RandomCrop(1), negate, RandomFlip(), Normalize(mean, std)},
		"wrapped":      {twice, RandomFlip(), Normalize(mean, std)},
	}
}

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

// An example is a function of seed, draw, number and transforms: not of the batch around it, nor of what was read before.
func TestAugmentIgnoresTheBatch(t *testing.T) {
	m := pictures(50, 8, 8, 3)
	for name, transforms := range recipes(3) {
		d := must(Augment(m, 9, transforms...))
		whole := read(d, count(50), 4)
		read(d, []int32{7, 7, 0}, 1)
		for _, index := range [][]int32{{31}, {49, 0, 31}, {5, 31, 31, 2, 1, 0}} {
			b := read(d, index, 4)
			for k, i := range index {
				if !slices.Equal(b.X[k*192:(k+1)*192], whole.X[i*192:(i+1)*192]) {
					t.Errorf("%s: example %d at %d of %v differs", name, i, k, index)
				}
			}
		}
	}
}

// Another seed, draw, number or place in the list is another choice.
func TestAugmentDependsOn(t *testing.T) {
	pixels := make([]uint8, 400*16*16)
	for i := range pixels {
		pixels[i] = uint8(i % 256)
	}
	d := must(NewImages([]int{16, 16, 1}, pixels, make([]int, 400), 1)) // all alike
	of := func(seed, draw uint64, transforms ...Transform) []float32 {
		return read(must(Augment(d, seed, transforms...)), count(400), draw).X
	}
	nothing := TransformFunc(func(*Image) {})
	alike := func(x, y []float32) (n int) {
		for i := 0; i < len(x); i += 256 {
			if slices.Equal(x[i:i+256], y[i:i+256]) {
				n++
			}
		}
		return n
	}
	first := of(1, 1, RandomCrop(4))
	for name, other := range map[string][]float32{
		"seed":   of(2, 1, RandomCrop(4)),
		"draw":   of(1, 2, RandomCrop(4)),
		"place":  of(1, 1, nothing, RandomCrop(4)),
		"number": append(slices.Clone(first[256:]), first[:256]...),
	} {
		// One in 81 is alike by chance: 4.9 of 400.
		if n := alike(first, other); n > 16 {
			t.Errorf("%s: %d of 400 alike", name, n)
		}
	}
	if n := alike(first, of(1, 1, RandomCrop(4))); n != 400 {
		t.Errorf("%d of 400 the same again", n)
	}
}

func TestRandomIsKnown(t *testing.T) {
	m := pictures(20, 6, 6, 1)
	normal := must(Augment(m, 0, Normalize([]float64{0}, []float64{1})))
	crop := must(Augment(m, 0, RandomCrop(1)))
	for name, c := range map[string]struct {
		d    Dataset
		want bool
	}{
		"images":                  {m, false},
		"normalised":              {normal, false},
		"cropped":                 {crop, true},
		"part of cropped":         {must(Take(crop, 3)), true},
		"part of images":          {must(Take(m, 3)), false},
		"cropped, normalised":     {must(Augment(crop, 0, Normalize([]float64{0}, []float64{1}))), true},
		"function":                {must(Augment(m, 0, TransformFunc(func(*Image) {}))), true},
		"part of part of cropped": {must(Take(must(Take(crop, 3)), 2)), true},
	} {
		if Random(c.d) != c.want {
			t.Errorf("%s: random %t", name, Random(c.d))
		}
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
		fails(t, "index", must(Augment(d, 1, RandomFlip())).Read(&Batch{}, []int32{3}, 0), "example 3 of 3")
	}
	short := strange{n: 2, shape: []int{2, 2, 1}, read: func(b *Batch, _ []int32, _ uint64) error { b.X = make([]float32, 3); return nil }}
	fails(t, "short", must(Augment(short, 1, RandomFlip())).Read(&Batch{}, []int32{0}, 0), "gave 3 values for 1 examples of shape [2 2 1]")
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
		var b Batch
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
