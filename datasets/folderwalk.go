package datasets

import (
	"io/fs"
	"path"
	"strings"

	"github.com/pkg/errors"
)

// walk finds the pictures of a folder.
type walk struct {
	fsys    fs.FS
	classes []classFolder
	left    []LeftOut
}

// classFolder is the folder of a class, with the paths of its pictures.
type classFolder struct {
	name   string
	files  []string
	nested int // how many folders it has
}

// maxDeep is how deep folders may lie in each other: deeper is a link that leads in a circle.
const maxDeep = 30

// junk are the names, in lower case, of what systems leave in folders.
var junk = map[string]bool{
	"thumbs.db": true, "ehthumbs.db": true, "desktop.ini": true, "__macosx": true, "$recycle.bin": true, "system volume information": true,
	"lost+found": true, "@eadir": true, "icon\r": true, "__pycache__": true,
}

// isJunk says whether a file or folder is no part of a set by its name.
func isJunk(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || junk[strings.ToLower(name)]
}

// pictureEnds are the ends of names, in lower case, by which files are taken for pictures, and what reads them.
var pictureEnds = map[string]string{
	".png": "", ".jpg": "", ".jpeg": "", ".jpe": "", ".jfif": "", ".gif": "",
	".bmp": "golang.org/x/image/bmp", ".dib": "golang.org/x/image/bmp", ".tif": "golang.org/x/image/tiff", ".tiff": "golang.org/x/image/tiff",
	".webp": "golang.org/x/image/webp", ".pgm": "", ".ppm": "", ".pbm": "", ".pnm": "", ".heic": "", ".heif": "", ".avif": "", ".jp2": "",
	".jxl": "", ".svg": "", ".tga": "", ".ico": "",
}

func isPicture(name string) bool {
	_, ok := pictureEnds[strings.ToLower(path.Ext(name))]
	return ok
}

func (w *walk) leave(name, why string) { w.left = append(w.left, LeftOut{name, why}) }

// root lists the class folders, by name, with their pictures.
func (w *walk) root() error {
	return w.each(".", func(name string, dir bool) error {
		switch {
		case dir:
			c := classFolder{name: name}
			if err := w.class(&c, name, 1); err != nil {
				return err
			}
			w.classes = append(w.classes, c)
		case isPicture(name):
			return errors.Errorf("%s: a picture outside a class's folder", name)
		default:
			w.leave(name, "a file outside a class's folder")
		}
		return nil
	})
}

// class lists the pictures in a folder of a class and in the folders within.
func (w *walk) class(c *classFolder, dir string, deep int) error {
	if deep > maxDeep {
		return errors.Errorf("%s: folders over %d deep: a link to a folder above?", clip(dir), maxDeep)
	}
	return w.each(dir, func(name string, dir bool) error {
		switch {
		case dir:
			c.nested++
			return w.class(c, name, deep+1)
		case isPicture(name):
			c.files = append(c.files, name)
		default:
			w.leave(name, "not a picture by the end of its name")
		}
		return nil
	})
}

// each goes through a folder's files and folders, where links lead, in the order of their names, without what is no
// part of a set.
func (w *walk) each(dir string, do func(name string, dir bool) error) error {
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		return errors.WithMessage(pathless(err), dir)
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if isJunk(e.Name()) {
			w.leave(name, "hidden, or left by the system")
			continue
		}
		st, err := fs.Stat(w.fsys, name)
		if err != nil {
			return errors.WithMessage(pathless(err), name)
		}
		if !st.IsDir() && !st.Mode().IsRegular() {
			return errors.Errorf("%s: not a regular file", name)
		}
		if err := do(name, st.IsDir()); err != nil {
			return err
		}
	}
	return nil
}

// sets are names, in lower case, of folders that have sets in them, rather than the pictures of a class.
var sets = map[string]bool{
	"train": true, "training": true, "test": true, "testing": true, "val": true, "valid": true, "validation": true, "dev": true,
}

// check makes sure that the folders are classes.
func (w *walk) check(given bool) error {
	if len(w.classes) == 0 {
		return errors.New("no folders: want one for each class, with its pictures")
	}
	if given {
		return nil
	}
	var named []string
	for _, c := range w.classes {
		if sets[strings.ToLower(c.name)] {
			named = append(named, c.name)
		}
		if len(c.files) == 0 {
			return errors.Errorf("folder %q has no pictures: remove it, or name the classes in Classes", c.name)
		}
	}
	if len(named) > 1 || len(named) == len(w.classes) {
		return errors.Errorf("folder %q is named for a set, not for a class: open it, or name the classes in Classes", named[0])
	}
	direct := 0
	for _, name := range w.classes[0].files {
		if strings.Count(name, "/") == 1 {
			direct++
		}
	}
	if c := w.classes[0]; len(w.classes) == 1 && c.nested > 1 && direct == 0 {
		return errors.Errorf("there is but one folder, %q, with %d folders in it: open it, or name the classes in Classes", c.name, c.nested)
	}
	return nil
}
