package datasets_test

import (
	"fmt"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
)

// An image of two by three pixels, read in four epochs.
func ExampleAugment() {
	images, err := datasets.NewImages([]int{2, 3}, []uint8{0, 51, 102, 153, 204, 255}, []int{0}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, err := datasets.Augment(images, 1, datasets.RandomCrop(1), datasets.AlternatingFlip())
	if err != nil {
		fmt.Println(err)
		return
	}
	var b batch.Batch
	for epoch := range uint64(4) {
		if err := train.Read(&b, []int32{0}, epoch); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.1f\n", b.X)
	}
	// Output:
	// [0.8 1.0 0.8 0.2 0.4 0.2]
	// [0.8 0.6 0.8 0.2 0.0 0.2]
	// [0.8 0.6 0.8 0.2 0.0 0.2]
	// [0.2 0.4 0.2 0.8 1.0 0.8]
}

// A transform of one's own: noise, whose numbers come from the image's Rand.
func ExampleTransformFunc() {
	noise := datasets.TransformFunc(func(m *datasets.Image) {
		r := m.Rand()
		for i := range m.Values() {
			m.Values()[i] += 0.1 * float32(r.NormFloat64())
		}
	})
	images, err := datasets.NewImages([]int{1, 4}, []uint8{0, 0, 255, 255}, []int{0}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, err := datasets.Augment(images, 1, noise, datasets.RandomFlip())
	if err != nil {
		fmt.Println(err)
		return
	}
	var b batch.Batch
	for range 2 { // the same draw is the same noise
		if err := train.Read(&b, []int32{0}, 0); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.2f\n", b.X)
	}
	// Output:
	// [0.10 0.01 0.82 1.00]
	// [0.10 0.01 0.82 1.00]
}

func ExampleStatistics() {
	images, err := datasets.NewImages([]int{1, 4}, []uint8{0, 255, 0, 255, 255, 0, 255, 0}, []int{0, 1}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, std, err := datasets.Statistics(images)
	if err != nil {
		fmt.Println(err)
		return
	}
	normal, err := datasets.Augment(images, 0, datasets.Normalize(mean, std))
	if err != nil {
		fmt.Println(err)
		return
	}
	var b batch.Batch
	if err := normal.Read(&b, []int32{1}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mean, std, b.X)
	// Output: [0.5] [0.5] [1 -1 1 -1]
}

func ExampleFlip() {
	batch := []float32{1, 2, 3, 4, 5, 6}
	if err := datasets.Flip(batch, []int{2, 3, 1}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(batch)
	// Output: [3 2 1 6 5 4]
}
