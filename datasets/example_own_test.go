package datasets_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"

	"github.com/fallline/fallline/datasets"
)

// waves is a dataset that computes its examples: each is a piece of a sine wave, of a low frequency or a high one.
type waves struct{ n, length int }

func (w waves) Len() int     { return w.n }
func (w waves) Shape() []int { return []int{w.length} }
func (w waves) Classes() int { return 2 }

func (w waves) Read(b *datasets.Batch, index []int32, draw uint64) error {
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
	var batch datasets.Batch
	if err := d.Read(&batch, []int32{7, 50}, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(training.Len(), validation.Len(), batch.Labels)
	fmt.Printf("%.2f\n", batch.X)
	// Output:
	// 80 20 [1 0]
	// [0.66 0.41 -1.00 0.42 -0.26 0.67 0.99 0.40]
}

// openFolder reads the pictures of a folder that has a folder of PNG files for each class, all of one size, in colour.
func openFolder(fsys fs.FS, height, width int) (*datasets.Images, []string, error) {
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil, err
	}
	var pixels []uint8
	var labels []int
	var names []string
	for label, folder := range folders {
		names = append(names, folder.Name())
		files, err := fs.Glob(fsys, path.Join(folder.Name(), "*.png"))
		if err != nil {
			return nil, nil, err
		}
		for _, name := range files {
			f, err := fsys.Open(name)
			if err != nil {
				return nil, nil, err
			}
			picture, err := png.Decode(f)
			f.Close()
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			if got := picture.Bounds().Size(); got != image.Pt(width, height) {
				return nil, nil, fmt.Errorf("%s: %v pixels, want %d by %d", name, got, width, height)
			}
			corner := picture.Bounds().Min
			for y := range height {
				for x := range width {
					p := color.NRGBAModel.Convert(picture.At(corner.X+x, corner.Y+y)).(color.NRGBA)
					pixels = append(pixels, p.R, p.G, p.B)
				}
			}
			labels = append(labels, label)
		}
	}
	images, err := datasets.NewImages([]int{height, width, 3}, pixels, labels, len(names))
	return images, names, err
}

func ExampleNewImages() {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for name, c := range map[string]color.NRGBA{"day/a.png": {250, 240, 10, 255}, "night/a.png": {5, 5, 90, 255}, "night/b.png": {0, 0, 60, 255}} {
		if err := paint(filepath.Join(dir, name), c); err != nil {
			fmt.Println(err)
			return
		}
	}
	images, names, err := openFolder(os.DirFS(dir), 2, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(images.Len(), images.Shape(), names)
	fmt.Println(images.Label(2), images.Pixels(2))
	// Output:
	// 3 [2 2 3] [day night]
	// 1 [0 0 60 0 0 60 0 0 60 0 0 60]
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
