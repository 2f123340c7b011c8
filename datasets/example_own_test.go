package datasets_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
)

// waves is a dataset that computes its examples: each is a piece of a sine wave, of a low frequency or a high one.
type waves struct{ n, length int }

func (w waves) Len() int     { return w.n }
func (w waves) Shape() []int { return []int{w.length} }
func (w waves) Classes() int { return 2 }

func (w waves) Read(b *batch.Batch, index []int32, _ uint64) error {
	b.X, b.Labels, b.Targets = b.X[:0], b.Labels[:0], b.Targets[:0]
	for _, i := range index {
		class := int(i) % 2
		for t := range w.length {
			b.X = append(b.X, float32(math.Sin(float64(i)+float64((1+class)*t))))
		}
		b.Labels = append(b.Labels, class)
	}
	return nil
}

func ExampleDataset() {
	d := waves{n: 100, length: 4}
	validation, training, err := datasets.Split(d, 20, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	var b batch.Batch
	if err := d.Read(&b, []int32{7, 50}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(training.Len(), validation.Len(), b.Labels)
	fmt.Printf("%.2f\n", b.X)
	// Output:
	// 80 20 [1 0]
	// [0.66 0.41 -1.00 0.42 -0.26 0.67 0.99 0.40]
}

func ExampleFolder() {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for name, c := range map[string]color.NRGBA{
		"train/day/a.png": {250, 240, 10, 255}, "train/night/a.png": {5, 5, 90, 255}, "train/night/b.PNG": {0, 0, 60, 255},
		"test/night/a.png": {1, 2, 33, 255},
	} {
		if err := paint(filepath.Join(dir, name), c); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "train", "README.md"), []byte("Skies."), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	pictures := datasets.Folder{Height: 2, Width: 2}
	train, left, err := pictures.Open(filepath.Join(dir, "train"))
	if err != nil {
		fmt.Println(err)
		return
	}
	pictures.Like = train
	test, _, err := pictures.Open(filepath.Join(dir, "test"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(train.Len(), train.Shape(), train.ClassNames(), left)
	fmt.Println(test.Label(0), test.ClassNames()[test.Label(0)], test.Pixels(0))
	// Output:
	// 3 [2 2 3] [day night] [{README.md a file outside a class's folder}]
	// 1 night [1 2 33 1 2 33 1 2 33 1 2 33]
}

// paint writes a picture of two by two pixels in one colour.
func paint(name string, c color.NRGBA) error {
	picture := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i := range 4 {
		picture.SetNRGBA(i/2, i%2, c)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		return err
	}
	return f.Close()
}

// photos is a made set in the place of CIFAR-10.
func photos() *datasets.Pair {
	pixels, labels := make([]uint8, 20*32*32*3), make([]int, 20)
	for i := range pixels {
		pixels[i] = uint8(i * i >> 4)
	}
	images, err := datasets.NewImages([]int{32, 32, 3}, pixels, labels, 10)
	if err != nil {
		panic(err)
	}
	return &datasets.Pair{Train: images, Test: images}
}

// Augmentation as it is usual for CIFAR-10, and the test set with the training set's numbers.
func ExampleNormalize() {
	photos := photos()
	const seed = 1
	mean, std, err := datasets.Statistics(photos.Train)
	if err != nil {
		fmt.Println(err)
		return
	}
	train, err := datasets.Augment(photos.Train, seed,
		datasets.RandomCrop(4), datasets.AlternatingFlip(), datasets.Normalize(mean, std), datasets.Cutout(8))
	if err != nil {
		fmt.Println(err)
		return
	}
	test, err := datasets.Augment(photos.Test, 0, datasets.Normalize(mean, std))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(datasets.Random(train), datasets.Random(test))
	// Output: true false
}
