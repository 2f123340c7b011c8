package datasets

import (
	"io/fs"
	"os"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// Folder says how a folder that has a folder of pictures for each class becomes a dataset: PNG, JPEG and GIF files, and
// those of every other format that the program registers with package image, as import _ "golang.org/x/image/webp"
// does.
type Folder struct {
	// Height and Width are what each picture is scaled to, in either direction on its own, by the mean of what a pixel
	// covers, weighted by a triangle; 0 for pictures that have one size, which is a matter of an error otherwise.
	Height, Width int

	Grey        bool // whether a pixel has one value, its brightness, and not red, green and blue
	LeaveBroken bool // whether pictures that can't be read are left out, and are not an error

	// Classes are the names of the class folders by label. A folder that isn't among them is an error, one that isn't
	// there is not. Nil stands for the folders that there are, in the order of numbers where all are numbers, else of
	// the alphabet.
	Classes []string

	// Like is the training set that a folder to test on goes with: the folder has its names and numbers of the classes,
	// its size of images and its channels. Nil for a training set.
	Like Dataset
}

// LeftOut is a file or folder that didn't become a part of a dataset.
type LeftOut struct {
	Name string // path within the folder
	Why  string
}

// OpenFolder reads a folder of pictures with the settings of the zero Folder. See Folder.Open.
func OpenFolder(dir string) (*Images, []LeftOut, error) { return Folder{}.Open(dir) }

// Open reads a folder that has a folder of pictures for each class. The pictures of a class are all those in its folder
// and in folders within, by the ends of their names, in upper or lower case; links are followed. Images are in the
// order of classes' folders and of paths in them, (height, width, 3), without transparency and the camera's
// orientation, or (height, width, 1) for f.Grey.
//
// It lists what it left out: names that start with a dot and those that systems leave behind (Thumbs.db, desktop.ini,
// __MACOSX and the like), files without the end of a picture's name, and, with f.LeaveBroken, what can't be read.
//
// Errors name the file or folder: a picture outside a class's folder, one that can't be read, one of another size than
// the first, a folder without pictures, unless its class is given, a folder that isn't among the classes given, folders
// named for sets (train, test) and not classes, folders whose names are spellings of one number, and a link to a folder
// above.
func (f Folder) Open(dir string) (*Images, []LeftOut, error) {
	if st, err := os.Stat(dir); err != nil {
		return nil, nil, errors.Wrap(err, "datasets")
	} else if !st.IsDir() {
		return nil, nil, errors.Errorf("datasets: %s is a file, want a folder that has a folder of pictures for each class", dir)
	}
	return f.open(os.DirFS(dir), dir)
}

// OpenFS is Open for the root of a file system, such as an embedded one.
func (f Folder) OpenFS(fsys fs.FS) (*Images, []LeftOut, error) { return f.open(fsys, "") }

func (f Folder) open(fsys fs.FS, dir string) (*Images, []LeftOut, error) {
	m, left, err := f.read(fsys)
	if err != nil {
		if dir != "" {
			err = errors.WithMessage(err, dir)
		}
		return nil, nil, errors.WithMessage(err, "datasets")
	}
	return m, left, nil
}

func (f Folder) read(fsys fs.FS) (*Images, []LeftOut, error) {
	like, err := f.take()
	if err != nil {
		return nil, nil, err
	}
	w := &walk{fsys: fsys}
	if err := w.root(); err != nil {
		return nil, nil, err
	}
	list, err := newClasses(like.classes, plain)
	if err != nil {
		return nil, nil, err
	}
	if err := w.check(list.given); err != nil {
		return nil, nil, err
	}
	p := &pictureSet{Folder: f}
	folders := map[int]string{}
	for _, c := range w.classes {
		label, err := list.label(c.name)
		if err != nil {
			return nil, nil, errors.WithMessagef(err, "folder %q", c.name)
		}
		if other, twice := folders[label]; twice {
			return nil, nil, errors.Errorf("folders %q and %q are spellings of one number, which is one class: rename one, or put the pictures together",
				other, c.name)
		}
		folders[label] = c.name
		n := len(p.labels)
		if err := p.read(fsys, c.files, label); err != nil {
			return nil, nil, err
		}
		if len(p.labels) == n && !list.given {
			return nil, nil, errors.Errorf("folder %q has no pictures that can be read: remove it, or name the classes in Classes", c.name)
		}
	}
	if len(p.labels) == 0 {
		return nil, nil, errors.New("no pictures")
	}
	names := list.finish(p.labels)
	m, err := NewImages([]int{p.Height, p.Width, p.channels()}, p.pixels, p.labels, len(names))
	if err != nil {
		return nil, nil, err
	}
	m.names = names
	return m, slices.Concat(w.left, p.left), nil
}

// take checks the settings, and takes the size and the channels over from the training set.
func (f *Folder) take() (expected, error) {
	like, err := expectedOf(f.Like, f.Classes)
	if err != nil {
		return like, err
	}
	if f.Height < 0 || f.Width < 0 || (f.Height == 0) != (f.Width == 0) {
		return like, errors.Errorf("height %d and width %d to scale to, want both at least 1, or 0 for the pictures' own", f.Height, f.Width)
	}
	if int64(f.Height)*int64(f.Width) > maxPixels {
		return like, errors.Errorf("height %d and width %d to scale to, over %d pixels", f.Height, f.Width, maxPixels)
	}
	if !like.given {
		return like, nil
	}
	if err := checkImage(like.shape); err != nil {
		return like, errors.WithMessage(err, "Like")
	}
	height, width, channels := like.shape[0], like.shape[1], like.shape[2]
	switch {
	case like.task == Regression:
		return like, errors.New("the training set is a regression, folders are classes")
	case channels != 1 && channels != 3:
		return like, errors.Errorf("the training set has %d channels, pictures have 3, or 1 in grey", channels)
	case f.Grey && channels == 3:
		return like, errors.New("pictures in grey, but the training set has 3 channels")
	case f.Height != 0 && (f.Height != height || f.Width != width):
		return like, errors.Errorf("%s to scale to, the training set's images are %s", sizeOf(f.Height, f.Width), sizeOf(height, width))
	}
	f.Grey = channels == 1
	return like, nil
}

// sizeOf writes a picture's size, height first.
func sizeOf(height, width int) string { return strconv.Itoa(height) + "x" + strconv.Itoa(width) }
