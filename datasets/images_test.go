package datasets

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
)

func TestImages(t *testing.T) {
	pixels := []uint8{0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 7, 8}
	m := must(NewImages([]int{1, 2, 2}, pixels, []int{2, 0, 1}, 3))
	if m.Len() != 3 || m.Classes() != 3 || !slices.Equal(m.Shape(), []int{1, 2, 2}) || m.Label(2) != 1 {
		t.Errorf("Len %d, Classes %d, Shape %v, Label(2) %d", m.Len(), m.Classes(), m.Shape(), m.Label(2))
	}
	if got := m.Pixels(1); !slices.Equal(got, []uint8{1, 2, 3, 4}) || cap(got) != 4 {
		t.Errorf("Pixels(1) = %v with capacity %d", got, cap(got))
	}
	b := batch.Batch{Targets: []float32{1}}
	if err := m.Read(&b, []int32{2, 0, 0}, 7); err != nil {
		t.Fatal(err)
	}
	want := []float32{5. / 255, 6. / 255, 7. / 255, 8. / 255, 0, 1, 0.2, 0.4, 0, 1, 0.2, 0.4}
	if !slices.Equal(b.X, want) || !slices.Equal(b.Labels, []int{1, 2, 2}) || len(b.Targets) != 0 {
		t.Errorf("read %v", b)
	}
}

// Rows of every number of channels and length say the same as the formula.
func TestImagesNormalize(t *testing.T) {
	for _, shape := range [][]int{{5, 5}, {1, 1, 1}, {3, 7, 1}, {2, 3, 2}, {5, 5, 3}, {1, 1, 3}, {2, 2, 4}} {
		size, channels := Features(shape), 1
		if len(shape) == 3 {
			channels = shape[2]
		}
		const n = 11
		pixels := make([]uint8, n*size)
		for i := range pixels {
			pixels[i] = uint8(i * i)
		}
		m := must(NewImages(shape, pixels, make([]int, n), 1))
		mean, std := make([]float64, channels), make([]float64, channels)
		for c := range channels {
			mean[c], std[c] = 0.1+float64(c), 0.5+0.25*float64(c)
		}
		normal := must(m.Normalize(mean, std))
		var plain, b batch.Batch
		index := []int32{3, 10, 0}
		if err := m.Read(&plain, index, 0); err != nil {
			t.Fatal(err)
		}
		if err := normal.Read(&b, index, 0); err != nil {
			t.Fatal(err)
		}
		for k, i := range index {
			for j := range size {
				p, c := float64(pixels[int(i)*size+j])/255, j%channels
				if got, want := plain.X[k*size+j], float32(p); got != want {
					t.Fatalf("shape %v image %d value %d: %v, want %v", shape, i, j, got, want)
				}
				if got, want := b.X[k*size+j], float32((p-mean[c])/std[c]); got != want {
					t.Fatalf("shape %v image %d value %d: %v, want %v", shape, i, j, got, want)
				}
			}
		}
	}
}

func TestImagesMoments(t *testing.T) {
	m := must(NewImages([]int{1, 2, 2}, []uint8{0, 51, 102, 51, 255, 51, 0, 51}, []int{0, 0}, 1))
	mean, std := m.Moments()
	// Channel 0 has 0, 0.4, 1, 0; channel 1 has 0.2 throughout.
	for c, want := range [][2]float64{{0.35, math.Sqrt((0.35*0.35*2 + 0.05*0.05 + 0.65*0.65) / 4)}, {0.2, 0}} {
		if math.Abs(mean[c]-want[0]) > 1e-15 || math.Abs(std[c]-want[1]) > 1e-15 {
			t.Errorf("channel %d: %v, %v, want %v", c, mean[c], std[c], want)
		}
	}
}

func TestBadImages(t *testing.T) {
	one := []uint8{1}
	for _, c := range []struct {
		shape   []int
		pixels  []uint8
		labels  []int
		classes int
		want    string
	}{
		{[]int{1}, one, []int{0}, 1, "shape [1], want (height"},
		{nil, one, []int{0}, 1, "want (height"},
		{[]int{0, 1}, one, []int{0}, 1, "shape [0 1 1]"},
		{[]int{1, 1}, one, []int{0, 0}, 1, "1 bytes for 2 images"},
		{[]int{1, 2}, []uint8{1, 2, 3}, []int{0}, 1, "3 bytes for 1 images of shape [1 2 1], want 2"},
		{[]int{1, 1}, nil, nil, 1, "no images"},
		{[]int{1, 1}, one, []int{1}, 1, "label 1 of example 0 outside [0, 1)"},
		{[]int{1, 1}, one, []int{-1}, 1, "label -1"},
		{[]int{1, 1}, one, []int{0}, 0, "outside [0, 0)"},
	} {
		_, err := NewImages(c.shape, c.pixels, c.labels, c.classes)
		fails(t, c.want, err, c.want)
	}
	m := must(NewImages([]int{1, 1}, one, []int{0}, 1))
	for _, c := range []struct {
		mean, std []float64
		want      string
	}{
		{nil, nil, "0 means"},
		{[]float64{0}, []float64{1, 1}, "2 standard deviations"},
		{[]float64{math.NaN()}, []float64{1}, "mean NaN"},
		{[]float64{0}, []float64{0}, "standard deviation 0"},
		{[]float64{0}, []float64{math.NaN()}, "standard deviation NaN"},
		{[]float64{0}, []float64{math.Inf(1)}, "standard deviation +Inf"},
	} {
		_, err := m.Normalize(c.mean, c.std)
		fails(t, c.want, err, c.want)
	}
	fails(t, "index", m.Read(new(batch.Batch), []int32{1}, 0), "example 1 of 1")
	fails(t, "index", m.Read(new(batch.Batch), []int32{-1}, 0), "example -1 of 1")
}
