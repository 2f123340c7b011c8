package datasets

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/pkg/errors"
)

// Pair is a set to train on and a set to test on.
type Pair struct {
	Train, Test *Images
}

// OpenIDX reads a folder with the four files of MNIST's form, plain or compressed with gzip:
//
//	train-images-idx3-ubyte[.gz]   train-labels-idx1-ubyte[.gz]
//	t10k-images-idx3-ubyte[.gz]    t10k-labels-idx1-ubyte[.gz]
//
// with a dot for the last-but-one hyphen allowed (train-images.idx3-ubyte). Fashion-MNIST, KMNIST and EMNIST come like this. Images are
// (height, width) or (height, width, channels), of bytes; there are as many classes as the greatest label plus 1.
//
// A file that is missing, truncated, longer than its header says, of another type, or over 1 GiB is an error that names the file, the
// offset, what was wanted and what was found. The memory taken is bounded by the files' sizes, whatever their headers say.
func OpenIDX(dir string) (*Pair, error) { return openIDX(os.DirFS(dir), dir) }

// OpenIDXFS is OpenIDX for the root of a file system, such as an embedded one.
func OpenIDXFS(fsys fs.FS) (*Pair, error) { return openIDX(fsys, "") }

// openIDX reads the four files; dir is what errors put before their names.
func openIDX(fsys fs.FS, dir string) (*Pair, error) {
	var wait sync.WaitGroup
	var train, test part
	wait.Go(func() { test = readPart(fsys, dir, "t10k") })
	wait.Go(func() { train = readPart(fsys, dir, "train") })
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
	classes := max(train.classes(), test.classes())
	p := &Pair{}
	var err error
	if p.Train, err = NewImages(train.shape[:], train.pixels, train.labels, classes); err != nil {
		return nil, errors.WithMessage(err, train.name)
	}
	p.Test, err = NewImages(test.shape[:], test.pixels, test.labels, classes)
	return p, errors.WithMessage(err, test.name)
}

// part is one half of a Pair.
type part struct {
	name   string // of the images' file
	shape  [3]int
	pixels []uint8
	labels []int
	err    error
}

func (p *part) classes() int {
	most := -1
	for _, l := range p.labels {
		most = max(most, l)
	}
	return most + 1
}

func readPart(fsys fs.FS, dir, prefix string) (p part) {
	images, name, err := readNamed(fsys, dir, prefix+"-images-idx3-ubyte")
	if err != nil {
		return part{err: err}
	}
	switch d := images.dims; len(d) {
	case 3:
		p.shape = [3]int{d[1], d[2], 1}
	case 4:
		p.shape = [3]int(d[1:])
	default:
		return part{err: errors.Errorf("datasets: %s: %d dimensions, want 3 or 4: images, height, width, channels", name, len(d))}
	}
	p.name, p.pixels = name, images.data
	labels, labelsName, err := readNamed(fsys, dir, prefix+"-labels-idx1-ubyte")
	if err != nil {
		return part{err: err}
	}
	if len(labels.dims) != 1 {
		return part{err: errors.Errorf("datasets: %s: %d dimensions, want 1: labels", labelsName, len(labels.dims))}
	}
	if labels.dims[0] != images.dims[0] {
		return part{err: errors.Errorf("datasets: %s has %d labels, %s has %d images", labelsName, labels.dims[0], name, images.dims[0])}
	}
	p.labels = make([]int, len(labels.data))
	for i, l := range labels.data {
		p.labels[i] = int(l)
	}
	return p
}

// readNamed reads the file of a name, or of one of the other names under which it is found.
func readNamed(fsys fs.FS, dir, name string) (f idxFile, path string, err error) {
	dotted := strings.Replace(name, "-idx", ".idx", 1)
	for _, n := range []string{name + ".gz", name, dotted + ".gz", dotted} {
		st, err := fs.Stat(fsys, n) // before Open, which would wait for ever for somebody to write to a pipe
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		path = filepath.Join(dir, n)
		if err == nil && !st.Mode().IsRegular() {
			err = errors.New("not a regular file")
		}
		if err == nil {
			f, err = readFile(fsys, n, st.Size())
		}
		return f, path, errors.WithMessagef(pathless(err), "datasets: %s", path)
	}
	return f, "", errors.Errorf("datasets: no file %s or %s.gz in %q", name, name, dir)
}

func readFile(fsys fs.FS, name string, size int64) (f idxFile, err error) {
	file, err := fsys.Open(name)
	if err != nil {
		return f, errors.WithStack(err)
	}
	defer file.Close()
	return readIDX(file, size)
}

// pathless takes a file system's path out of its error, since that path lacks the folder.
func pathless(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}
