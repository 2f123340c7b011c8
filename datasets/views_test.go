package datasets

import (
	"slices"
	"testing"
)

// The views are what augmentation makes of the same images.
func TestViewsAreMoves(t *testing.T) {
	for _, shape := range [][]int{{6, 5, 1}, {5, 8, 3}, {4, 4, 2}, {1, 1, 3}, {3, 1, 3}, {1, 4, 1}} {
		const n = 7
		m := pictures(n, shape...)
		x := read(m, count(n), 0).X
		flipped := slices.Clone(x)
		if err := Flip(flipped, shape); err != nil {
			t.Fatal(err)
		}
		want := read(must(Augment(m, 1, TransformFunc(func(m *Image) { m.Flip() }))), count(n), 0).X
		if !slices.Equal(flipped, want) {
			t.Errorf("%v: flipped %v, want %v", shape, flipped, want)
		}
		if err := Flip(flipped, shape); err != nil || !slices.Equal(flipped, x) {
			t.Errorf("%v: twice isn't as before, error %v", shape, err)
		}
		shifted := make([]float32, len(x))
		for _, d := range [][2]int{{1, 1}, {-1, -1}, {0, 3}, {-9, 12}, {0, 0}} {
			if err := Shift(shifted, x, shape, d[0], d[1]); err != nil {
				t.Fatal(err)
			}
			want := read(must(Augment(m, 1, TransformFunc(func(m *Image) { m.Shift(d[0], d[1]) }))), count(n), 0).X
			if !slices.Equal(shifted, want) {
				t.Errorf("%v by %v: shifted %v, want %v", shape, d, shifted, want)
			}
		}
	}
}

func TestFlip(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for _, c := range []struct {
		shape []int
		want  []float32
	}{
		{[]int{2, 3, 1}, []float32{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}},
		{[]int{1, 2, 3}, []float32{4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9}},
		{[]int{1, 3, 2}, []float32{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8}},
	} {
		got := slices.Clone(x)
		if err := Flip(got, c.shape); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, %v, want %v", c.shape, got, err, c.want)
		}
	}
}

func TestBadViews(t *testing.T) {
	x := make([]float32, 12)
	for _, c := range []struct {
		x, dst []float32
		shape  []int
		want   string
	}{
		{x, x, []int{12}, "datasets: views: examples of shape [12], want images"},
		{x, x, []int{0, 2, 3}, "shape [0 2 3]"},
		{x, x, []int{-2, -2, 3}, "shape [-2 -2 3]"},
		{x[:11], x[:11], []int{2, 2, 1}, "11 values aren't a number of images of shape [2 2 1]"},
		{x, x[:8], []int{2, 2, 1}, "8 values for a view of 12"},
	} {
		fails(t, c.want, Shift(c.dst, c.x, c.shape, 1, 1), c.want)
		if len(c.dst) == len(c.x) {
			fails(t, c.want, Flip(c.x, c.shape), c.want)
		}
	}
}
