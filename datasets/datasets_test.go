package datasets

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

// fails checks that an error contains a text.
func fails(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want %q", what, err, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// strange is a dataset whose answers a test chooses.
type strange struct {
	n       int
	shape   []int
	classes int
	read    func(b *batch.Batch, index []int32, draw uint64) error
}

func (s strange) Len() int     { return s.n }
func (s strange) Shape() []int { return s.shape }
func (s strange) Classes() int { return s.classes }
func (s strange) Read(b *batch.Batch, index []int32, draw uint64) error {
	return s.read(b, index, draw)
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		d    Dataset
		want string
	}{
		{nil, "nil"},
		{strange{n: 0, shape: []int{1}}, "0 examples"},
		{strange{n: -1, shape: []int{1}}, "-1 examples"},
		{strange{n: math.MaxInt32 + 1, shape: []int{1}}, "limit"},
		{strange{n: 1, shape: []int{1}, classes: -1}, "-1 classes"},
		{strange{n: 1, shape: []int{2, 0}}, "shape [2 0]"},
		{strange{n: 1, shape: []int{1 << 16, 1 << 16}}, "shape [65536 65536]"},
	} {
		fails(t, c.want, Validate(c.d), c.want)
	}
	if err := Validate(strange{n: 1, classes: 2}); err != nil {
		t.Errorf("scalar examples: %v", err)
	}
}

func TestExamples(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6}
	e := must(NewExamples([]int{2}, x, []int{1, 0, 1}, 2))
	var b batch.Batch
	if err := e.Read(&b, []int32{2, 0}, 0); err != nil {
		t.Fatal(err)
	}
	if want := (batch.Batch{X: []float32{5, 6, 1, 2}, Labels: []int{1, 1}}); !reflect.DeepEqual(b.X, want.X) || !reflect.DeepEqual(b.Labels, want.Labels) || len(b.Targets) != 0 {
		t.Errorf("read %v, want %v", b, want)
	}
	g := must(NewRegression([]int{3}, x, []float32{10, 20, 30, 40}, 2))
	if g.Len() != 2 || g.Classes() != 0 || g.Outputs() != 2 || Outputs(g) != 2 || Outputs(e) != 0 || Outputs(strange{}) != 0 {
		t.Errorf("Len %d, Classes %d, Outputs %d", g.Len(), g.Classes(), g.Outputs())
	}
	if err := g.Read(&b, []int32{1}, 0); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.X, []float32{4, 5, 6}) || !slices.Equal(b.Targets, []float32{30, 40}) || len(b.Labels) != 0 {
		t.Errorf("read %v", b)
	}
	fails(t, "index", g.Read(&b, []int32{2}, 0), "example 2 of 2")
}

func TestBadExamples(t *testing.T) {
	x := []float32{1, 2}
	for _, c := range []struct {
		err  func() error
		want string
	}{
		{func() error { _, err := NewExamples([]int{2}, x, []int{0, 0}, 1); return err }, "2 values for 2 examples of shape [2], want 4"},
		{func() error { _, err := NewExamples([]int{-2}, x, []int{0}, 1); return err }, "shape [-2]"},
		{func() error { _, err := NewExamples([]int{2}, nil, nil, 1); return err }, "no examples"},
		{func() error { _, err := NewExamples([]int{2}, x, []int{3}, 3); return err }, "label 3"},
		{func() error { _, err := NewRegression([]int{2}, x, x, 0); return err }, "2 targets in rows of 0"},
		{func() error { _, err := NewRegression([]int{2}, x, make([]float32, 3), 2); return err }, "3 targets in rows of 2"},
		{func() error { _, err := NewRegression([]int{2}, x, make([]float32, 2), 1); return err }, "2 values for 2"},
	} {
		fails(t, c.want, c.err(), c.want)
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	m := must(NewImages([]int{4, 4}, make([]uint8, 160), make([]int, 10), 1))
	e := must(Blobs(10, 3, 2, 1, 1))
	q := must(Quadratic(10, 1, 1, 1, 0, 1))
	for _, d := range []Dataset{m, e, q, must(Take(m, 5))} {
		var b batch.Batch
		index := []int32{4, 2, 1}
		read := func() {
			if err := d.Read(&b, index, 0); err != nil {
				t.Error(err)
			}
		}
		read()
		if n := testing.AllocsPerRun(20, read); n >= 1 {
			t.Errorf("%T allocates %v times a batch", d, n)
		}
	}
}
