// Package fashion reads Fashion-MNIST, pictures of ten kinds of clothes: 60,000 to train on and 10,000 to test on, 28
// by 28 grey pixels. It is of MNIST's form, and harder.
//
// Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms".
// Zalando SE published it under the MIT licence.
package fashion

import (
	"context"
	"io"
	"slices"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/internal/fetch"
	"github.com/pkg/errors"
)

// published is the set as its authors give it, and where TensorFlow keeps a copy.
var published = fetch.Set{
	Name: "Fashion-MNIST", Folder: "fashion-mnist",
	Files: []fetch.File{
		file("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
		file("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
		file("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
		file("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
	},
}

func file(name string, size int64, sum string) fetch.File {
	return fetch.File{Name: name, Size: size, SHA256: sum, URLs: []string{
		"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" + name,
		"https://storage.googleapis.com/tensorflow/tf-keras-datasets/" + name,
	}}
}

var names = []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}

// Names returns the names of the classes by label: the ClassNames of the sets.
func Names() []string { return slices.Clone(names) }

// Open reads a folder with the four files, compressed or not; see datasets.OpenIDX. Images have shape (28, 28, 1), with
// values from 0, the background, to 1. Files with images of another shape or with other than ten classes are an error.
func Open(dir string) (*datasets.Pair, error) {
	p, err := datasets.OpenIDX(dir)
	if err != nil {
		return nil, errors.WithMessage(err, "fashion")
	}
	if s := p.Train.Shape(); !slices.Equal(s, []int{28, 28, 1}) || p.Train.Classes() != len(names) {
		return nil, errors.Errorf("fashion: %s has images of shape %v in %d classes, want [28 28 1] in %d", dir, s, p.Train.Classes(), len(names))
	}
	if p.Train, err = p.Train.Named(names...); err != nil {
		return nil, errors.WithMessage(err, "fashion")
	}
	p.Test, err = p.Test.Named(names...)
	return p, errors.WithMessage(err, "fashion")
}

// Load is Open for the folder fallline/fashion-mnist of the user's cache (os.UserCacheDir). What is missing there is
// downloaded first, 31 MB in all. The SHA-256 of every file is checked, now and each time. A download that was cut off
// goes on where it ended; a done ctx ends it. progress is told how it goes and may be nil.
//
// Where a file can't be fetched, the error lists all that is missing: what to get in another way, its SHA-256, and
// where to put it.
func Load(ctx context.Context, progress io.Writer) (*datasets.Pair, error) {
	dir, err := fetch.Folder(ctx, &published, progress)
	if err != nil {
		return nil, errors.WithMessage(err, "fashion")
	}
	return Open(dir)
}
