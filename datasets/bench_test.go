package datasets

import (
	"testing"

	"github.com/fallline/fallline/batch"
)

// The images lie in as much memory as those of MNIST and CIFAR-10 do: finding them there is a good part of the work.
func BenchmarkImagesRead(b *testing.B) {
	for _, c := range []struct {
		name  string
		shape []int
	}{{"28x28x1", []int{28, 28, 1}}, {"32x32x3", []int{32, 32, 3}}} {
		b.Run(c.name, func(b *testing.B) {
			const n, rows = 50_000, 128
			size := Features(c.shape)
			pixels := make([]uint8, n*size)
			for i := range pixels {
				pixels[i] = uint8(i * 7 / 3)
			}
			d, err := NewImages(c.shape, pixels, make([]int, n), 1)
			if err != nil {
				b.Fatal(err)
			}
			order := Order(n, 1, 0)
			var to batch.Batch
			b.SetBytes(int64(4 * rows * size))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				at := i % (n / rows) * rows
				if err := d.Read(&to, order[at:at+rows], 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReader(b *testing.B) {
	d, err := Blobs(4096, 784, 10, 0.1, 1)
	if err != nil {
		b.Fatal(err)
	}
	r, err := NewReader(d, 2)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	order := Order(d.Len(), 1, 0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i * 128 % 4096
		next := (i + 1) * 128 % 4096
		if _, err := r.Batch(batch.Batch{Index: order[at : at+128]}); err != nil {
			b.Fatal(err)
		}
		r.Prefetch(batch.Batch{Index: order[next : next+128]})
	}
}

// A batch of CIFAR's kind, its images scattered over as much memory as those of CIFAR-10 take.
func BenchmarkAugment(b *testing.B) {
	const n, rows = 50_000, 1024
	shape := []int{32, 32, 3}
	pixels := make([]uint8, n*Features(shape))
	for i := range pixels {
		pixels[i] = uint8(i * 7 / 3)
	}
	images := must(NewImages(shape, pixels, make([]int, n), 1))
	part := must(Subset(images, count(n)))
	values := must(Augment(images, 1, TransformFunc(func(*Image) {})))
	order := Order(n, 1, 0)
	normalize := Normalize([]float64{0.49, 0.48, 0.45}, []float64{0.25, 0.24, 0.26})
	for _, c := range []struct {
		name       string
		d          Dataset
		transforms []Transform
	}{
		{"normalize", images, []Transform{normalize}},
		{"flip", images, []Transform{AlternatingFlip(), normalize}},
		{"crop", images, []Transform{RandomCrop(4), normalize}},
		{"all", images, []Transform{RandomCrop(4), AlternatingFlip(), normalize, Cutout(8)}},
		{"all-part", part, []Transform{RandomCrop(4), AlternatingFlip(), normalize, Cutout(8)}},
		{"all-float32", values, []Transform{RandomCrop(4), AlternatingFlip(), normalize, Cutout(8)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := must(Augment(c.d, 1, c.transforms...))
			var to batch.Batch
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				at := i % (n / rows) * rows
				if err := d.Read(&to, order[at:at+rows], uint64(i)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/image")
		})
	}
}
