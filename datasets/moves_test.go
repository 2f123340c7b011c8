package datasets

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

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
