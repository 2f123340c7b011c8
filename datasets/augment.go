package datasets

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// Transform changes one image on its way into a batch, such as by moving it a little. What is random in it must come
// from the Image's Rand and Fixed, or be a function of its Seed, Index and Draw.
//
// A Transform serves several goroutines at once.
type Transform interface {
	Apply(m *Image)
}

// Validator is an optional interface of Transform: Augment asks it whether it fits examples of a shape. Any other
// Transform wants images.
type Validator interface {
	Validate(shape []int) error
}

// PerhapsRandom is an optional interface of Transform: one that isn't Random does the same to an image each time. Any
// other is taken for random.
type PerhapsRandom interface {
	Random() bool
}

// TransformFunc is a function as a Transform.
type TransformFunc func(m *Image)

// Apply calls the function.
func (f TransformFunc) Apply(m *Image) { f(m) }

// Augment returns the images of d, each changed by the transforms, one after the other:
//
//	train, err := datasets.Augment(photos.Train, seed,
//		datasets.RandomCrop(4), datasets.RandomFlip(), datasets.Normalize(mean, std), datasets.Cutout(8))
//
// The random choices for an image are a function of (seed, draw, its number, the transform's place in the list): they
// depend neither on the batch that the image is in nor on its place there, nor on how many batches are read ahead. draw
// is the epoch where the order is shuffled anew each epoch, so that an image looks different each time. A
// variance-reduced method keeps it for the life of a snapshot or table, since the gradients that it compares must be of
// the same function ("transform locking", Defazio & Bottou 2018).
//
// d has images of (height, width, channels); rows of any other shape will do where no transform but Normalize is used.
// Reading is fastest where d is an *Images or a part of one: moves, flips and normalisation are then done in one pass
// from its bytes, and the outcome is the same to the bit.
//
// No transforms, a nil one, and one that doesn't fit the shape of the images are errors.
func Augment(d Dataset, seed uint64, transforms ...Transform) (Dataset, error) {
	if err := Validate(d); err != nil {
		return nil, err
	}
	if len(transforms) == 0 {
		return nil, errors.New("datasets: an augmentation without transforms")
	}
	a := &augmented{Wrapped: Wrapped{d}, seed: seed, transforms: append([]Transform{}, transforms...)}
	for i, t := range a.transforms {
		if t == nil {
			return nil, errors.Errorf("datasets: transform %d of an augmentation is nil", i)
		}
		if err := validate(t, d); err != nil {
			return nil, errors.WithMessagef(err, "datasets: transform %d", i)
		}
	}
	if a.images, a.numbers = bytesOf(d); a.images != nil {
		if err := a.fold(); err != nil {
			return nil, err
		}
	}
	a.scratch.New = func() any { return newImage(a) }
	return a, nil
}

// validate asks a transform whether it fits the examples of d.
func validate(t Transform, d Dataset) error {
	if n, ok := t.(*normalize); ok && len(d.Shape()) == 1 {
		return checkMoments(n.mean, n.std, d.Shape()[0], Describe(d).Columns)
	}
	if v, ok := t.(Validator); ok {
		return v.Validate(d.Shape())
	}
	return checkImage(d.Shape())
}

// shapeError says that what takes images was given something else.
func shapeError(shape []int) error {
	return errors.Errorf("examples of shape %v, want images: (height, width, channels)", shape)
}

func checkImage(shape []int) error {
	if len(shape) != 3 {
		return shapeError(shape)
	}
	return nil
}

// bytesOf returns the Images that d is, or is a part of, and the part's numbers there; nil for all.
func bytesOf(d Dataset) (m *Images, numbers []int32) {
	switch d := d.(type) {
	case *Images:
		return d, nil
	case *subset:
		m, numbers := bytesOf(d.Dataset)
		if m == nil || numbers == nil {
			return m, d.index
		}
		of := make([]int32, len(d.index))
		for k, i := range d.index {
			of[k] = numbers[i]
		}
		return m, of
	}
	return nil, nil
}

// augmented is a dataset whose images are transformed as they are read.
type augmented struct {
	Wrapped
	images     *Images // what the dataset is or is a part of, where that is of this type
	numbers    []int32 // of the examples in images; nil for all
	seed       uint64
	transforms []Transform
	folded     []*Images // by transform: for a normalisation, the images with the normalisations up to this one
	scratch    sync.Pool // of *Image
}

// fold finds out what a byte stands for after each normalisation.
func (a *augmented) fold() error {
	a.folded = make([]*Images, len(a.transforms))
	last := a.images
	for i, t := range a.transforms {
		if n, ok := t.(*normalize); ok {
			last = n.fold(last)
			if err := last.checkValues(); err != nil {
				return errors.WithMessagef(err, "datasets: transform %d", i)
			}
			a.folded[i] = last
		}
	}
	return nil
}

// Describe is that of the dataset, but that a random transform makes it random.
func (a *augmented) Describe() Description {
	d := a.Wrapped.Describe()
	d.Random = d.Random || slices.ContainsFunc(a.transforms, func(t Transform) bool {
		r, ok := t.(PerhapsRandom)
		return !ok || r.Random()
	})
	return d
}

// String lists the transforms that can print themselves.
func (a *augmented) String() string {
	names := make([]string, len(a.transforms))
	for i, t := range a.transforms {
		names[i] = "transform"
		if s, ok := t.(fmt.Stringer); ok {
			names[i] = s.String()
		}
	}
	return strings.Join(names, ", ")
}

// Read implements Dataset.
func (a *augmented) Read(b *batch.Batch, index []int32, draw uint64) error {
	m := a.scratch.Get().(*Image)
	defer a.scratch.Put(m)
	if a.images != nil {
		return a.readImages(m, b, index, draw)
	}
	if err := a.Dataset.Read(b, index, draw); err != nil {
		return err
	}
	size := Features(a.Dataset.Shape())
	if len(b.X) != len(index)*size {
		return errors.Errorf("datasets: %T gave %d values for %d examples of shape %v", a.Dataset, len(b.X), len(index), a.Dataset.Shape())
	}
	for k, i := range index {
		m.start(b.X[k*size:(k+1)*size], i, draw)
		m.transform()
	}
	return nil
}

// readImages reads from bytes, which are turned into values when the moves and normalisations are known.
func (a *augmented) readImages(m *Image, b *batch.Batch, index []int32, draw uint64) error {
	numbers := index
	if a.numbers != nil {
		if err := checkIndex(index, len(a.numbers)); err != nil {
			return err
		}
		m.numbers = memory.Resize(m.numbers, len(index))
		for k, i := range index {
			m.numbers[k] = a.numbers[i]
		}
		numbers = m.numbers
	}
	return a.images.read(b, numbers, func(x []float32, k int) {
		m.start(x, index[k], draw)
		m.source, m.number = a.images, numbers[k]
		m.transform()
	})
}
