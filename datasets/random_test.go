package datasets

import (
	"slices"
	"testing"
)

// An example is a function of seed, draw, number and transforms: not of the batch around it, nor of what was read
// before.
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
