package datasets

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

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
	_, _, err := Statistics(strange{n: 3, shape: []int{2}, read: func(*batch.Batch, []int32, uint64) error { return os.ErrClosed }})
	fails(t, "reading", err, "closed")
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

// TestConstantColumns: a column of one value has it for its mean and a deviation of 0, whatever is rounded, and the
// error names it and the way out, which makes its values 0.
func TestConstantColumns(t *testing.T) {
	for _, n := range []int{1, 3, 10, 1000, 4099} {
		for _, v := range []float32{0, 0.1, -0.3, 1e-30, 3e38, 16777217} {
			x := make([]float32, 2*n)
			for i := range n {
				x[2*i], x[2*i+1] = v, float32(i)
			}
			d := must(NewRegression([]int{2}, x, make([]float32, n), 1))
			mean, std, err := Statistics(d)
			if err != nil || mean[0] != float64(v) || std[0] != 0 {
				t.Fatalf("%d times %v: mean %v, deviation %v, error %v", n, v, mean, std, err)
			}
			_, err = Augment(d, 0, Normalize(mean, std))
			fails(t, "constant", err, "standard deviation 0 of channel 0, whose values are all the same: leave it out, or give 1 in its place")
			for c := range std {
				if std[c] == 0 {
					std[c] = 1
				}
			}
			if b := read(must(Augment(d, 0, Normalize(mean, std))), count(n), 0); b.X[0] != 0 || b.X[2*n-2] != 0 {
				t.Errorf("%d times %v: %v after normalisation", n, v, b.X[0])
			}
		}
	}
	for p := range 256 {
		m := must(NewImages([]int{7, 1}, slices.Repeat([]uint8{uint8(p)}, 21), make([]int, 3), 1))
		for name, of := range map[string]func() (mean, std []float64){"Moments": m.Moments, "Statistics": m.statistics} {
			if mean, std := of(); std[0] != 0 || mean[0] != float64(p)/255 && name == "Moments" {
				t.Errorf("%s of byte %d: %v, %v", name, p, mean, std)
			}
		}
	}
	table := must(ReadCSV(strings.NewReader("age,label,sex\n1,a,2\n3,b,2\n"), DefaultCSV))
	mean, std, err := Statistics(table)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Augment(must(Take(table, 2)), 0, Normalize(mean, std))
	fails(t, "named", err, `standard deviation 0 of channel 1 (column "sex"), whose values are all the same`)
}
