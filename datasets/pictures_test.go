package datasets

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/fallline/fallline/batch"
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

func read(d Dataset, index []int32, draw uint64) batch.Batch {
	var b batch.Batch
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
