package datasets

import (
	"io/fs"
	"os"
	"strconv"
	"sync"

	"github.com/pkg/errors"
)

// Pair is a set to train on and a set to test on.
type Pair struct {
	Train, Test *Images
}

// IDX says how a folder with files of MNIST's form becomes a dataset. The zero IDX fits MNIST, Fashion-MNIST and
// KMNIST, and the parts of EMNIST but for the two things that FirstLabel and Transposed are for.
type IDX struct {
	Name       string // what the files' names start with, such as emnist-letters; empty where the folder has one set
	FirstLabel int    // label of the first class: 1 for EMNIST's letters
	Transposed bool   // whether the files have images column by column, as all of EMNIST

	// Classes are the names of the classes: of FirstLabel and the labels that follow. Nil stands for the labels, up to
	// the greatest.
	Classes []string

	// Like is a set whose classes and whose shape of images this one has, by the labels where they are its names, as
	// those of a set without names are, and else counted from FirstLabel. Nil for none.
	Like Dataset
}

// OpenIDX reads a folder with the four files of MNIST's form with the settings of the zero IDX. See IDX.Open.
func OpenIDX(dir string) (*Pair, error) { return IDX{}.Open(dir) }

// OpenIDXFS is OpenIDX for the root of a file system, such as an embedded one.
func OpenIDXFS(fsys fs.FS) (*Pair, error) { return IDX{}.OpenFS(fsys) }

// Open reads a folder with the four files of MNIST's form, plain or compressed with gzip:
//
//	train-images-idx3-ubyte[.gz]   train-labels-idx1-ubyte[.gz]
//	t10k-images-idx3-ubyte[.gz]    t10k-labels-idx1-ubyte[.gz]
//
// with a dot for the last-but-one hyphen allowed (train-images.idx3-ubyte), test for t10k, and a name before it:
// emnist-letters-test-images-idx3-ubyte.gz. Fashion-MNIST, KMNIST and EMNIST come like this, and QMNIST, whose labels
// are in -labels-idx2-int: the first of a row's eight numbers is the class. Images are (height, width) or (height,
// width, channels), of bytes; there are as many classes as from c.FirstLabel to the greatest label.
//
// EMNIST's images lie on their side unless c.Transposed is set, and its letters, labelled from 1 to 26, have an empty
// class 0 unless c.FirstLabel is 1.
//
// A file that is missing, truncated, longer than its header says, of another type, or over 1 GiB is an error that names
// the file, the offset, what was wanted and what was found; so are files of several sets where c.Name isn't given, and
// a label outside the classes. The memory taken is bounded by the files' sizes, whatever their headers say.
func (c IDX) Open(dir string) (*Pair, error) { return c.open(os.DirFS(dir), dir) }

// OpenFS is Open for the root of a file system, such as an embedded one.
func (c IDX) OpenFS(fsys fs.FS) (*Pair, error) { return c.open(fsys, "") }

// open reads the four files; dir is what errors put before their names.
func (c IDX) open(fsys fs.FS, dir string) (*Pair, error) {
	like, err := expectedOf(c.Like, c.Classes)
	if err != nil {
		return nil, errors.WithMessage(err, "datasets")
	}
	if c.FirstLabel < 0 {
		return nil, errors.Errorf("datasets: a first label of %d, want at least 0", c.FirstLabel)
	}
	if like.task == Regression {
		return nil, errors.New("datasets: the training set is a regression, the labels of IDX files are classes")
	}
	var wait sync.WaitGroup
	var train, test part
	wait.Go(func() { test = c.readPart(fsys, dir, "t10k") })
	wait.Go(func() { train = c.readPart(fsys, dir, "train") })
	wait.Wait()
	if train.err != nil {
		return nil, train.err
	}
	if test.err != nil {
		return nil, test.err
	}
	if train.shape != test.shape {
		return nil, errors.Errorf("datasets: %s has images of shape %v, %s of %v", train.name, train.shape, test.name, test.shape)
	}
	if like.given && (len(like.shape) != 3 || [3]int(like.shape) != train.shape) {
		return nil, errors.Errorf("datasets: %s has images of shape %v, the training set of %v", train.name, train.shape, like.shape)
	}
	names := c.names(like.classes, max(train.most(), test.most()))
	p := &Pair{}
	if p.Train, err = c.images(&train, names); err != nil {
		return nil, err
	}
	p.Test, err = c.images(&test, names)
	return p, err
}

// names are those of the classes; given are those that settings give.
func (c IDX) names(given []string, most int) []string {
	if given != nil {
		return given
	}
	names := []string{}
	for label := c.FirstLabel; label <= most; label++ {
		names = append(names, strconv.Itoa(label))
	}
	return names
}

// images makes a dataset of a part.
func (c IDX) images(p *part, names []string) (*Images, error) {
	list, err := newClasses(names, plain)
	if err != nil {
		return nil, errors.WithMessage(err, "datasets")
	}
	numbered := true
	for _, name := range names {
		_, err := strconv.Atoi(list.canonical(name))
		numbered = numbered && err == nil
	}
	for i, label := range p.labels {
		p.labels[i] = label - c.FirstLabel
		if numbered {
			if p.labels[i], err = list.label(strconv.Itoa(label)); err != nil {
				return nil, errors.Errorf("datasets: %s: label %d of image %d isn't among the %d classes: %s", p.labelsName, label, i, len(names), list.text())
			}
		} else if label < c.FirstLabel || p.labels[i] >= len(names) {
			return nil, errors.Errorf("datasets: %s: label %d of image %d outside [%d, %d], the labels of %d classes",
				p.labelsName, label, i, c.FirstLabel, c.FirstLabel+len(names)-1, len(names))
		}
	}
	m, err := NewImages(p.shape[:], p.pixels, p.labels, len(names))
	if err != nil {
		return nil, errors.WithMessage(err, p.name)
	}
	m.names = names
	return m, nil
}

// part is one half of a Pair.
type part struct {
	name       string // of the images' file
	labelsName string
	shape      [3]int
	pixels     []uint8
	labels     []int
	err        error
}

// most is the greatest label.
func (p *part) most() int {
	most := -1
	for _, l := range p.labels {
		most = max(most, l)
	}
	return most
}

func (c IDX) readPart(fsys fs.FS, dir, prefix string) (p part) {
	images, name, err := c.readNamed(fsys, dir, prefix, "-images-idx3-ubyte")
	if err != nil {
		return part{err: err}
	}
	switch d := images.dims; {
	case images.kind != typeUint8:
		return part{err: errors.Errorf("datasets: %s: offset 2: found elements of type %s, want uint8", name, typesIDX[images.kind])}
	case len(d) == 3:
		p.shape = [3]int{d[1], d[2], 1}
	case len(d) == 4:
		p.shape = [3]int(d[1:])
	default:
		return part{err: errors.Errorf("datasets: %s: %d dimensions, want 3 or 4: images, height, width, channels", name, len(d))}
	}
	p.name, p.pixels = name, images.data
	labels, labelsName, err := c.readNamed(fsys, dir, prefix, "-labels-idx1-ubyte")
	if err != nil {
		return part{err: err}
	}
	if n := len(labels.dims); n > 2 || n == 2 && labels.kind != typeInt32 {
		return part{err: errors.Errorf("datasets: %s: %d dimensions, want 1: labels", labelsName, len(labels.dims))}
	}
	if labels.dims[0] != images.dims[0] {
		return part{err: errors.Errorf("datasets: %s has %d labels, %s has %d images", labelsName, labels.dims[0], name, images.dims[0])}
	}
	if p.labelsName = labelsName; c.Transposed {
		p.transpose()
	}
	if p.labels, err = labels.first(); err != nil {
		p.err = errors.WithMessagef(err, "datasets: %s", labelsName)
	}
	return p
}

// transpose makes rows of the images' columns.
func (p *part) transpose() {
	height, width, channels := p.shape[0], p.shape[1], p.shape[2]
	size := height * width * channels
	transposed := make([]uint8, len(p.pixels))
	for at := 0; at < len(transposed); at += size {
		from, to := p.pixels[at:at+size], transposed[at:at+size]
		for y := range height {
			for x := range width {
				copy(to[(x*height+y)*channels:][:channels], from[(y*width+x)*channels:])
			}
		}
	}
	p.pixels, p.shape = transposed, [3]int{width, height, channels}
}
