package datasets_test

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
)

func ExampleBatches() {
	points, err := datasets.Spirals(1000, 3, 0.02, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	const seed, epoch = 1, 0
	for b, err := range datasets.Batches(points, 300, datasets.Order(points.Len(), seed, epoch), 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(len(b.Labels), "points,", len(b.X), "coordinates")
	}
	// Output:
	// 300 points, 600 coordinates
	// 300 points, 600 coordinates
	// 300 points, 600 coordinates
	// 100 points, 200 coordinates
}

func ExampleSplit() {
	points, err := datasets.Blobs(1000, 8, 5, 0.1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	validation, training, err := datasets.Split(points, 100, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(training.Len(), validation.Len())
	// Output: 900 100
}

func ExampleImages_Normalize() {
	images, err := datasets.NewImages([]int{1, 4}, []uint8{0, 255, 0, 255, 255, 0, 255, 0}, []int{0, 1}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	normal, err := images.Normalize(images.Moments())
	if err != nil {
		fmt.Println(err)
		return
	}
	var b batch.Batch
	if err := normal.Read(&b, []int32{1}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.X, b.Labels)
	// Output: [1 -1 1 -1] [1]
}

func ExampleReadCSV() {
	const text = `width,height,kind
5.1,3.5,setosa
7.0,3.2,versicolor
4.9,3.0,setosa
`
	settings := datasets.DefaultCSV
	settings.Label = "kind"
	flowers, err := datasets.ReadCSV(strings.NewReader(text), settings)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flowers.Len(), flowers.Columns(), flowers.ClassNames())
	var b batch.Batch
	if err := flowers.Read(&b, []int32{1, 2}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.X, b.Labels)
	// Output:
	// 3 [width height] [setosa versicolor]
	// [7 3.2 4.9 3] [1 0]
}
