package datasets

import (
	"reflect"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

// halved is a dataset of one's own over another.
type halved struct{ Wrapped }

func (h halved) Read(b *batch.Batch, index []int32, draw uint64) error {
	err := h.Dataset.Read(b, index, draw)
	for i := range b.X {
		b.X[i] /= 2
	}
	return err
}

// TestWrapped holds that whatever wraps a dataset says of itself what the dataset says, and that a file which is read
// like a wrapped one is read as like the one inside.
func TestWrapped(t *testing.T) {
	table := must(DefaultCSV.Read(strings.NewReader("height,label\n1,cat\n2,dog\n")))
	targets := must(CSV{Comma: ',', Header: true, Targets: []string{"y"}}.Read(strings.NewReader("x,y\n1,2\n3,4\n")))
	sparse := must(LIBSVM{Task: Classification, ZeroBased: true}.Read(strings.NewReader("1 0:2\n-1 3:1\n")))
	if d := Describe(table); !reflect.DeepEqual(d.ClassNames, []string{"cat", "dog"}) || !reflect.DeepEqual(d.Columns, []string{"height"}) {
		t.Errorf("a table says %+v", d)
	}
	if d := Describe(targets); d.Outputs != 1 || !reflect.DeepEqual(d.targets, []string{"y"}) {
		t.Errorf("a table of targets says %+v", d)
	}
	if d := Describe(sparse); !d.zeroBased || len(d.ClassNames) != 2 {
		t.Errorf("sparse rows say %+v", d)
	}
	for _, d := range []Dataset{table, targets, sparse} {
		for _, w := range []Dataset{halved{Wrapped{d}}, must(Take(d, 2)), must(Augment(d, 1, Normalize(make([]float64, d.Shape()[0]), ones(d.Shape()[0]))))} {
			if have, want := Describe(w), Describe(d); !reflect.DeepEqual(have, want) {
				t.Errorf("%T of %T says %+v, want %+v", w, d, have, want)
			}
			have, err := expectedOf(w, nil)
			if want, _ := expectedOf(d, nil); err != nil || !reflect.DeepEqual(have, want) {
				t.Errorf("like %T of %T: %+v (%v), want %+v", w, d, have, err, want)
			}
		}
	}
	noisy := must(Augment(table, 1, untold{}))
	if !Random(noisy) || !Random(halved{Wrapped{noisy}}) || Random(table) {
		t.Errorf("random: %v, in a wrapper %v, the table %v", Random(noisy), Random(halved{Wrapped{noisy}}), Random(table))
	}
}

func ones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

// untold is a Transform for any shape that doesn't say whether it is random.
type untold struct{}

func (untold) Apply(*Image)         {}
func (untold) Validate([]int) error { return nil }
