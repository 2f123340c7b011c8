package datasets

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
)

// numbers is a dataset of n examples whose one value is its own number, and whose label the draw.
func numbers(n int) Dataset {
	return strange{n: n, shape: []int{1}, classes: 1 << 20, read: func(b *batch.Batch, index []int32, draw uint64) error {
		if err := checkIndex(index, n); err != nil {
			return err
		}
		b.X, b.Labels = b.X[:0], b.Labels[:0]
		for _, i := range index {
			b.X = append(b.X, float32(i))
			b.Labels = append(b.Labels, int(draw))
		}
		return nil
	}}
}

func all(t *testing.T, d Dataset) []float32 {
	t.Helper()
	var b batch.Batch
	if err := d.Read(&b, count(d.Len()), 0); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(b.X)
}

func TestSubset(t *testing.T) {
	index := []int32{7, 3, 3}
	s := must(Subset(numbers(9), index))
	index[0] = 100
	if got := all(t, s); !slices.Equal(got, []float32{7, 3, 3}) {
		t.Errorf("examples %v", got)
	}
	twice := must(Subset(s, []int32{1, 0}))
	if got := all(t, twice); !slices.Equal(got, []float32{3, 7}) {
		t.Errorf("subset of a subset: %v", got)
	}
	var b batch.Batch
	if err := twice.Read(&b, []int32{0}, 5); err != nil || b.Labels[0] != 5 {
		t.Errorf("draw %v, want 5 (%v)", b.Labels, err)
	}
	fails(t, "index", s.Read(&b, []int32{3}, 0), "example 3 of 3")
	q := must(Quadratic(4, 1, 1, 1, 0, 1))
	if got := Outputs(must(Take(q, 2))); got != 1 {
		t.Errorf("Outputs %d, want 1", got)
	}
}

func TestTake(t *testing.T) {
	if got := all(t, must(Take(numbers(9), 3))); !slices.Equal(got, []float32{0, 1, 2}) {
		t.Errorf("examples %v", got)
	}
}

func TestSplit(t *testing.T) {
	a, b, err := Split(numbers(100), 30, 1)
	if err != nil {
		t.Fatal(err)
	}
	x, y := all(t, a), all(t, b)
	if len(x) != 30 || len(y) != 70 {
		t.Fatalf("%d and %d examples", len(x), len(y))
	}
	if slices.Equal(x, all(t, must(Take(numbers(100), 30)))) {
		t.Error("the split takes the first examples")
	}
	both := append(slices.Clone(x), y...)
	slices.Sort(both)
	if !slices.Equal(both, all(t, numbers(100))) {
		t.Errorf("the two don't make the whole: %v", both)
	}
	again, _, _ := Split(numbers(100), 30, 1)
	other, _, _ := Split(numbers(100), 30, 2)
	if !slices.Equal(x, all(t, again)) || slices.Equal(x, all(t, other)) {
		t.Error("the split is not a function of the seed")
	}
}

func TestBadSubsets(t *testing.T) {
	d := numbers(3)
	for _, c := range []struct {
		err  func() error
		want string
	}{
		{func() error { _, err := Subset(nil, []int32{0}); return err }, "nil"},
		{func() error { _, err := Subset(d, nil); return err }, "no examples"},
		{func() error { _, err := Subset(d, []int32{3}); return err }, "example 3 of 3"},
		{func() error { _, err := Take(d, 0); return err }, "0 of 3"},
		{func() error { _, err := Take(d, 4); return err }, "4 of 3"},
		{func() error { _, err := Take(nil, 4); return err }, "nil"},
		{func() error { _, _, err := Split(d, 3, 0); return err }, "into 3 and none"},
		{func() error { _, _, err := Split(d, 0, 0); return err }, "0 of 3"},
		{func() error { _, _, err := Split(numbers(0), 1, 0); return err }, "0 examples"},
	} {
		fails(t, c.want, c.err(), c.want)
	}
}

func TestOrder(t *testing.T) {
	const n = 1000
	first := Order(n, 1, 0)
	sorted := slices.Clone(first)
	slices.Sort(sorted)
	if !slices.Equal(sorted, count(n)) {
		t.Fatal("not a permutation")
	}
	if !slices.Equal(first, Order(n, 1, 0)) {
		t.Error("the same seed and epoch give another order")
	}
	for _, o := range [][]int32{count(n), Order(n, 1, 1), Order(n, 2, 0)} {
		same := 0
		for i := range o {
			if o[i] == first[i] {
				same++
			}
		}
		if same > 10 { // 1 on average
			t.Errorf("%d of %d numbers are in the same place in two orders", same, n)
		}
	}
}

// Over many epochs every number comes to every place about equally often.
func TestOrderIsUniform(t *testing.T) {
	const n, epochs = 8, 8000
	var seen [n][n]int
	for e := range epochs {
		for place, i := range Order(n, 42, e) {
			seen[place][i]++
		}
	}
	chi := 0.0
	for _, row := range seen {
		for _, k := range row {
			d := float64(k) - epochs/n
			chi += d * d / (epochs / n)
		}
	}
	if chi < 20 || chi > 95 { // (n−1)² = 49 degrees of freedom: outside with probability 2e-4
		t.Errorf("chi squared %v", chi)
	}
}
