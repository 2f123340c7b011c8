package datasets

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

// spoilt is a dataset of somebody else's whose numbers can be bad.
type spoilt struct {
	*Examples
	x, target float32 // in the place of example 3's feature 2 and target 1
}

func (s spoilt) Read(b *batch.Batch, index []int32, draw uint64) error {
	if err := s.Examples.Read(b, index, draw); err != nil {
		return err
	}
	if k := slices.Index(index, 3); k >= 0 {
		b.X[k*4+2] = s.x
		if len(b.Targets) > 0 {
			b.Targets[k*2+1] = s.target
		}
	}
	return nil
}

// TestNumbersThatAreNotFinite goes through the ways by which numbers come into batches: each has an error that names
// the example and the feature.
func TestNumbersThatAreNotFinite(t *testing.T) {
	rows := func() []float32 { return slices.Repeat([]float32{1, 2, 3, 4}, 6) }
	labels, targets := []int{0, 1, 0, 1, 0, 1}, func() []float32 { return make([]float32, 12) }
	regression, err := NewRegression([]int{4}, rows(), targets(), 2)
	if err != nil {
		t.Fatal(err)
	}
	classes, err := NewExamples([]int{4}, rows(), labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := NewExamples([]int{2, 2, 1}, rows(), labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		spoil := TransformFunc(func(m *Image) {
			if m.Index == 3 {
				m.Values()[2] = bad
			}
		})
		whole := must(Augment(pictures, 1, RandomFlip(), spoil))
		mistakes := map[string]error{}
		x, y := rows(), targets()
		x[3*4+2] = bad
		_, mistakes["NewExamples"] = NewExamples([]int{4}, x, labels, 2)
		_, mistakes["NewRegression"] = NewRegression([]int{4}, x, y, 2)
		y[3*2+1] = bad
		_, mistakes["NewRegression, target 1"] = NewRegression([]int{4}, rows(), y, 2)
		mistakes["own"] = readAll(spoilt{classes, bad, 0})
		mistakes["own regression"] = readAll(spoilt{regression, bad, 0})
		mistakes["own regression, target 1"] = readAll(spoilt{regression, 0, bad})
		mistakes["a part of an own one, example 1"] = readAll(must(Subset(spoilt{classes, bad, 0}, []int32{2, 3, 5})))
		mistakes["own transform"] = readAll(whole)
		mistakes["normalised by an own one"] = readAll(must(Augment(whole, 2, Normalize([]float64{0}, []float64{1}))))
		_, _, mistakes["Statistics"] = Statistics(spoilt{classes, bad, 0})
		mistakes["sparse"] = readAll(&Sparse{X: CSR{4, 4, []int{0, 0, 0, 0, 1}, []int32{2}, []float64{float64(bad)}}, Y: make([]float64, 4)})
		mistakes["sparse, target 0"] = readAll(&Sparse{X: CSR{4, 4, make([]int, 5), nil, nil}, Y: []float64{0, 0, 0, float64(bad)}})
		for name, err := range mistakes {
			want := "feature 2 of example 3 is"
			if _, what, ok := strings.Cut(name, ", target "); ok {
				want = "target " + what + " of example 3 is"
			}
			if _, what, ok := strings.Cut(name, ", example "); ok {
				want = "feature 2 of example " + what + " is"
			}
			if err == nil || !strings.HasPrefix(err.Error(), "datasets: ") || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of %v: error %v, want %q in it", name, bad, err, want)
			}
		}
	}
	for _, d := range []Dataset{spoilt{classes, math.MaxFloat32, 0}, spoilt{regression, math.MaxFloat32, -math.MaxFloat32}} {
		if err := readAll(d); err != nil {
			t.Errorf("large and finite: %v", err)
		}
	}
}

// TestNormalizeBeyondFloat32 holds that a deviation which makes values too large is an error, before training for
// images in bytes.
func TestNormalizeBeyondFloat32(t *testing.T) {
	images, err := NewImages([]int{2, 2, 1}, make([]uint8, 12), []int{0, 1, 0}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := images.Normalize([]float64{0}, []float64{1e-42}); err == nil || !strings.Contains(err.Error(), "of channel 0 would be +Inf") {
		t.Errorf("Images.Normalize: error %v", err)
	}
	if _, err := Augment(images, 0, RandomFlip(), Normalize([]float64{0}, []float64{1e-42})); err == nil || !strings.Contains(err.Error(), "transform 1: byte ") {
		t.Errorf("Augment of bytes: error %v", err)
	}
	rows, err := NewExamples([]int{2}, []float32{0, 1, 0, 0}, []int{0, 1}, 2)
	if err != nil {
		t.Fatal(err)
	}
	d := must(Augment(rows, 0, Normalize([]float64{0, 0}, []float64{1, 1e-42})))
	if err := readAll(d); err == nil || !strings.Contains(err.Error(), "feature 1 of example 0 is +Inf") {
		t.Errorf("Augment of rows: error %v", err)
	}
}

// readAll reads all examples, out of order, and returns the error.
func readAll(d Dataset) error {
	order := Order(d.Len(), 1, 0)
	for _, err := range Batches(d, 4, order, 0) {
		if err != nil {
			return err
		}
	}
	return nil
}
