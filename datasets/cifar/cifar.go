// Package cifar reads CIFAR-10 and CIFAR-100, small colour photographs of 10 and of 100 kinds of things: 50,000 to
// train on and 10,000 to test on, 32 by 32 pixels.
//
//	photos, err := cifar.Open10("cifar-10-batches-bin")
//	images, err := photos.Train.Normalize(photos.Train.Moments())
//
// It reads the binary version of the files. A record is the label, in CIFAR-100 the superclass and then the class, a
// byte each, and 3,072 bytes of pixels: the red plane row by row, then the green one, then the blue one. The images
// that come out are (32, 32, 3), the channels of a pixel side by side.
//
// Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images".
package cifar

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/fallline/fallline/datasets"
	"github.com/pkg/errors"
)

// Side is the height and the width of an image in pixels, Channels how many values a pixel has: red, green and blue.
const (
	Side     = 32
	Channels = 3
)

const plane = Side * Side

// Shape returns that of an image: (32, 32, 3).
func Shape() []int { return []int{Side, Side, Channels} }

// edition is one of the sets: its files, how many records each of them has, and the form of a record.
type edition struct {
	train, test       []string
	perTrain, perTest int
	form              form
}

// form is that of a record: a byte for each label and then the pixels.
type form struct {
	limits []int // by label: it is less than this
	label  int   // which of the labels is the class
}

func (f form) size() int { return len(f.limits) + Channels*plane }

// images makes a dataset of records.
func (f form) images(pixels []uint8, labels []int) (*datasets.Images, error) {
	names := names[f.limits[f.label]]
	m, err := datasets.NewImages(Shape(), pixels, labels, len(names))
	if err != nil {
		return nil, err
	}
	return m.Named(names...)
}

// The published sets.
var (
	ten = edition{
		train:    []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
		test:     []string{"test_batch.bin"},
		perTrain: 10_000, perTest: 10_000,
		form: form{limits: []int{10}},
	}
	hundred = edition{
		train:    []string{"train.bin"},
		test:     []string{"test.bin"},
		perTrain: 50_000, perTest: 10_000,
		form: form{limits: []int{20, 100}, label: 1},
	}
)

// Open10 reads a folder with the six files of CIFAR-10, data_batch_1.bin to data_batch_5.bin and test_batch.bin, of
// 10,000 images each. The classes are those of Names10. The images take 184 MB of memory.
//
// A file that is missing or hasn't the published length and a label outside [0, 10) are errors that name the file and
// the record.
func Open10(dir string) (*datasets.Pair, error) { return ten.open(dir) }

// Open100 reads a folder with the two files of CIFAR-100, train.bin and test.bin. The classes are the 100 of Names100.
//
// A file that is missing or hasn't the published length and a label outside its range are errors that name the file and
// the record.
func Open100(dir string) (*datasets.Pair, error) { return hundred.open(dir) }

// Open100Coarse is Open100 with the 20 superclasses of Names100Coarse for classes.
func Open100Coarse(dir string) (*datasets.Pair, error) {
	coarse := hundred
	coarse.form.label = 0
	return coarse.open(dir)
}

func (e edition) open(dir string) (*datasets.Pair, error) {
	var train, test *datasets.Images
	var trainErr, testErr error
	var wait sync.WaitGroup
	wait.Go(func() { test, testErr = e.form.read(dir, e.test, e.perTest) })
	wait.Go(func() { train, trainErr = e.form.read(dir, e.train, e.perTrain) })
	wait.Wait()
	for _, err := range []error{trainErr, testErr} {
		if err != nil {
			return nil, err
		}
	}
	return &datasets.Pair{Train: train, Test: test}, nil
}

// read reads files of a number of records each as one set.
func (f form) read(dir string, names []string, records int) (*datasets.Images, error) {
	pixels, labels := make([]uint8, len(names)*records*Channels*plane), make([]int, len(names)*records)
	for i, name := range names {
		part := labels[i*records : (i+1)*records]
		if err := f.readFile(filepath.Join(dir, name), pixels[i*records*Channels*plane:], part); err != nil {
			return nil, errors.WithMessage(err, "cifar")
		}
	}
	return f.images(pixels, labels)
}

// elsewhere says what there is in the place of a file that isn't there.
func elsewhere(path string) string {
	if _, err := os.Stat(strings.TrimSuffix(path, ".bin")); err == nil {
		return ": the folder has the set's Python version, want the binary one"
	}
	for _, name := range []string{"cifar-10-batches-bin", "cifar-100-binary"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), name, filepath.Base(path))); err == nil {
			return ": it is in the folder " + name + " there"
		}
	}
	return ""
}

// readFile reads a file that must have a record for each of the labels.
func (f form) readFile(path string, pixels []uint8, labels []int) error {
	// Before Open, which would wait for ever for somebody to write to a pipe.
	switch st, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return errors.Errorf("no file %s%s", path, elsewhere(path))
	case err != nil:
		return errors.WithStack(err)
	case !st.Mode().IsRegular():
		return errors.Errorf("%s: not a regular file", path)
	case st.Size() != int64(len(labels)*f.size()):
		return errors.Errorf("%s: found %d bytes, want %d: %d records of %d bytes", path, st.Size(), len(labels)*f.size(), len(labels), f.size())
	}
	file, err := os.Open(path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer file.Close()
	d := decoder{form: f, r: file}
	for i := range labels {
		if labels[i], err = d.next(pixels[i*Channels*plane : (i+1)*Channels*plane]); err != nil {
			return errors.WithMessage(err, path)
		}
	}
	return nil
}
