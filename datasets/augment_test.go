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

func TestShiftAgainstPyTorch(t *testing.T) {
	shifts := readGolden(t).Shifts
	if len(shifts) < 100 {
		t.Fatalf("%d shifts", len(shifts))
	}
	for _, c := range shifts {
		m := pictures(1, c.Shape...)
		for name, d := range map[string]Dataset{"bytes": m, "float32": floats(m)} {
			moved := must(Augment(d, 1, TransformFunc(func(m *Image) { m.Shift(c.Dy, c.Dx) })))
			for i, x := range read(moved, []int32{0}, 0).X {
				if want := float32(float64(c.Want[i]) / 255); x != want {
					t.Errorf("%v by (%d, %d), %s: value %d is %v, %s has %v", c.Shape, c.Dy, c.Dx, name, i, x, c.By, want)
					break
				}
			}
		}
	}
}

func TestStatisticsAgainstNumPy(t *testing.T) {
	for _, c := range readGolden(t).Statistics {
		m := pictures(c.N, c.Shape...)
		for name, d := range map[string]Dataset{"bytes": m, "float32": floats(m)} {
			mean, std, err := Statistics(d)
			if err != nil {
				t.Fatal(err)
			}
			for i := range c.Mean {
				if math.Abs(mean[i]-c.Mean32[i]) > 1e-14 || math.Abs(std[i]-c.Std32[i]) > 1e-14 {
					t.Errorf("%s %v channel %d: %v, %v, want %v, %v", name, c.Shape, i, mean[i], std[i], c.Mean32[i], c.Std32[i])
				}
			}
		}
		mean, std := m.Moments()
		for i := range c.Mean {
			if math.Abs(mean[i]-c.Mean[i]) > 1e-14 || math.Abs(std[i]-c.Std[i]) > 1e-14 {
				t.Errorf("moments of %v channel %d: %v, %v, want %v, %v", c.Shape, i, mean[i], std[i], c.Mean[i], c.Std[i])
			}
		}
	}
	if _, _, err := Statistics(nil); err == nil {
		t.Error("statistics of no dataset")
	}
	_, _, err := Statistics(strange{n: 3, shape: []int{2}, read: func(*Batch, []int32, uint64) error { return os.ErrClosed }})
	fails(t, "reading", err, "closed")
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

func TestRandomCropIsUniform(t *testing.T) {
	const n, pad = 8100, 2
	for _, transform := range []Transform{RandomCrop(pad), Translate(pad)} {
		// Every pixel of an image is another value, so that the middle one tells the move.
		m := must(NewImages([]int{9, 9, 1}, slices.Repeat(bytesUpTo(81), n), make([]int, n), 1))
		x := read(must(Augment(m, 3, transform)), count(n), 0).X
		var found [5][5]int
		for i := range n {
			p := int(math.Round(float64(x[i*81+4*9+4]) * 255))
			dy, dx := p/9-4, p%9-4
			if max(dy, -dy, dx, -dx) > pad {
				t.Fatalf("%v: moved by (%d, %d)", transform, dy, dx)
			}
			found[dy+pad][dx+pad]++
		}
		checkUniform(t, fmt.Sprint(transform), slices.Concat(found[0][:], found[1][:], found[2][:], found[3][:], found[4][:]), n)
	}
}

func bytesUpTo(n int) []uint8 {
	b := make([]uint8, n)
	for i := range b {
		b[i] = uint8(i)
	}
	return b
}

// checkUniform compares counts with n equally shared out: chi-squared at most 5 standard deviations over its mean.
func checkUniform(t *testing.T, name string, counts []int, n int) {
	t.Helper()
	want, chi := float64(n)/float64(len(counts)), 0.0
	for _, c := range counts {
		chi += (float64(c) - want) * (float64(c) - want) / want
	}
	if k := float64(len(counts) - 1); chi > k+5*math.Sqrt(2*k) {
		t.Errorf("%s: counts %v are not uniform: chi-squared %v of %v degrees", name, counts, chi, k)
	}
}

func TestFlips(t *testing.T) {
	const n = 4000
	m := must(NewImages([]int{1, 3, 2}, slices.Repeat([]uint8{1, 2, 3, 4, 5, 6}, n), make([]int, n), 1))
	plain, mirrored := values(1, 2, 3, 4, 5, 6), values(5, 6, 3, 4, 1, 2)
	flips := func(d Dataset, draw uint64) []bool {
		x, out := read(d, count(n), draw).X, make([]bool, n)
		for i := range out {
			image := x[i*6 : (i+1)*6]
			out[i] = slices.Equal(image, mirrored)
			if !out[i] && !slices.Equal(image, plain) {
				t.Fatalf("image %v is neither %v nor %v", image, plain, mirrored)
			}
		}
		return out
	}
	random, alternating := must(Augment(m, 1, RandomFlip())), must(Augment(m, 1, AlternatingFlip()))
	for draw := range uint64(4) {
		r, s, a, b := flips(random, draw), flips(random, draw+1), flips(alternating, draw), flips(alternating, draw+1)
		same := 0
		for i := range n {
			if a[i] == b[i] {
				t.Fatalf("alternating: image %d is flipped: %t in epochs %d and %d", i, a[i], draw, draw+1)
			}
			if r[i] == s[i] {
				same++
			}
		}
		for name, k := range map[string]int{"random": trues(r), "alternating": trues(a), "the same twice": same} {
			// Five standard deviations of a binomial are 158.
			if k < n/2-158 || k > n/2+158 {
				t.Errorf("%s: %d of %d in epoch %d", name, k, n, draw)
			}
		}
	}
}

func values(p ...uint8) []float32 {
	x := make([]float32, len(p))
	for i := range p {
		x[i] = float32(float64(p[i]) / 255)
	}
	return x
}

func trues(b []bool) (n int) {
	for _, v := range b {
		if v {
			n++
		}
	}
	return n
}

// What is cut out is one of the squares of DeVries and Taylor, and each as often as the others.
func TestCutout(t *testing.T) {
	const n, h, w, channels = 6000, 5, 8, 2
	m := must(NewImages([]int{h, w, channels}, slices.Repeat([]uint8{255}, n*h*w*channels), make([]int, n), 1))
	for _, size := range []int{0, 1, 2, 3, 4, 7} {
		squares := map[string]int{}
		for y := range h {
			for x := range w {
				squares[string(cut(h, w, channels, y, x, size))]++
			}
		}
		found := map[string]int{}
		b := read(must(Augment(m, 2, Cutout(size))), count(n), 0)
		for i := range n {
			zeros := make([]byte, h*w*channels)
			for k, x := range b.X[i*len(zeros) : (i+1)*len(zeros)] {
				if x == 0 {
					zeros[k] = 1
				} else if x != 1 {
					t.Fatalf("size %d: value %v, want 0 or 1", size, x)
				}
			}
			if squares[string(zeros)] == 0 {
				t.Fatalf("size %d: cut out %v", size, zeros)
			}
			found[string(zeros)]++
		}
		for square, k := range squares {
			p := float64(k) / (h * w)
			if got, want := float64(found[square]), n*p; math.Abs(got-want) > 5*math.Sqrt(want*(1-p))+1e-9 {
				t.Errorf("size %d: a square of probability %v %v times of %d", size, p, got, n)
			}
		}
	}
}

// cut marks the square of a size around (y, x), of which what lies outside is left off.
func cut(h, w, channels, y, x, size int) []byte {
	marks := make([]byte, h*w*channels)
	for i := range h {
		for j := range w {
			if i >= y-size/2 && i < y-size/2+size && j >= x-size/2 && j < x-size/2+size {
				for c := range channels {
					marks[(i*w+j)*channels+c] = 1
				}
			}
		}
	}
	return marks
}

func TestNormalizeAnyShape(t *testing.T) {
	for _, c := range []struct {
		shape     []int
		mean, std []float64
		want      []float32
	}{
		{[]int{3}, []float64{1, 2, 3}, []float64{2, 2, 4}, []float32{-0.5, -0.5, -0.25, 1, 1, 0.5}},
		{[]int{3, 1}, []float64{1}, []float64{2}, []float32{-0.5, 0, 0.5, 1, 1.5, 2}},
		{nil, []float64{0}, []float64{0.5}, []float32{0, 2, 4, 6, 8, 10}},
	} {
		x := []float32{0, 1, 2, 3, 4, 5}
		d := must(NewRegression(c.shape, x, make([]float32, 6/Features(c.shape)), 1))
		a := must(Augment(d, 0, Normalize(c.mean, c.std)))
		if got := read(a, count(d.Len()), 0).X; !slices.Equal(got, c.want) {
			t.Errorf("shape %v: %v, want %v", c.shape, got, c.want)
		}
		if Random(a) || Outputs(a) != 1 || !slices.Equal(x, []float32{0, 1, 2, 3, 4, 5}) {
			t.Errorf("shape %v: random %t, %d outputs, dataset now %v", c.shape, Random(a), Outputs(a), x)
		}
	}
}

func TestStatisticsNormalize(t *testing.T) {
	for _, d := range []Dataset{pictures(50, 6, 5, 3), floats(pictures(50, 6, 5, 3)), must(Blobs(300, 4, 3, 0.5, 1))} {
		mean, std, err := Statistics(d)
		if err != nil {
			t.Fatal(err)
		}
		mean, std, err = Statistics(must(Augment(d, 0, Normalize(mean, std))))
		if err != nil {
			t.Fatal(err)
		}
		for c := range mean {
			if math.Abs(mean[c]) > 1e-7 || math.Abs(std[c]-1) > 1e-7 {
				t.Errorf("%T channel %d: mean %v and deviation %v after normalisation", d, c, mean[c], std[c])
			}
		}
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

// What an own transform is told, and what it draws.
func TestImage(t *testing.T) {
	m := pictures(9, 6, 5, 3)
	type told struct {
		h, w, c int
		seed    uint64
		index   int32
		draw    uint64
	}
	var seen []told
	var random, again, fixed []uint64
	look := TransformFunc(func(m *Image) {
		seen = append(seen, told{m.Height, m.Width, m.Channels, m.Seed, m.Index, m.Draw})
		random = append(random, m.Rand().Uint64())
		fixed = append(fixed, m.Fixed().Uint64())
		again = append(again, m.Rand().Uint64())
	})
	d := must(Augment(m, 77, RandomFlip(), look))
	read(d, []int32{4, 8}, 3)
	read(d, []int32{4}, 5)
	want := []told{{6, 5, 3, 77, 4, 3}, {6, 5, 3, 77, 8, 3}, {6, 5, 3, 77, 4, 5}}
	if !slices.Equal(seen, want) {
		t.Errorf("told %v, want %v", seen, want)
	}
	if random[0] == random[1] || random[0] == random[2] || random[0] == again[0] || random[0] == fixed[0] {
		t.Errorf("random numbers %v, %v", random, again)
	}
	if fixed[0] == fixed[1] || fixed[0] != fixed[2] {
		t.Errorf("fixed numbers %v", fixed)
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
