package datasets

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// readNamed reads the file of a part, t10k or train, whose name has an end, or one of the other names under which it is
// found.
func (c IDX) readNamed(fsys fs.FS, dir, part, end string) (f idxFile, path string, err error) {
	name := part + end
	if c.Name == "" {
		dotted := strings.Replace(name, "-idx", ".idx", 1)
		for _, n := range []string{name + ".gz", name, dotted + ".gz", dotted} {
			if f, err = readFile(fsys, n); !errors.Is(err, fs.ErrNotExist) {
				path = filepath.Join(dir, n)
				return f, path, errors.WithMessagef(pathless(err), "datasets: %s", path)
			}
		}
	}
	found, err := c.search(fsys, part, end)
	if err != nil {
		return f, "", errors.WithMessagef(pathless(err), "datasets: %s", dir)
	}
	if c.Name != "" {
		name = c.Name + "-" + name
	}
	switch sets := slices.Sorted(maps.Keys(found)); len(sets) {
	case 0:
		return f, "", errors.Errorf("datasets: no file %s or %s.gz in %q, nor one with a name before that; test may stand for t10k", name, name, dir)
	case 1:
		n := found[sets[0]]
		path = filepath.Join(dir, n)
		f, err = readFile(fsys, n)
		return f, path, errors.WithMessagef(pathless(err), "datasets: %s", path)
	default:
		return f, "", errors.Errorf("datasets: %d sets in %q: IDX.Name says which of %q", len(sets), dir, sets)
	}
}

// search returns the files that hold a part, by the name of the set, one compressed with gzip before another.
func (c IDX) search(fsys fs.FS, part, end string) (map[string]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	parts, ends := []string{part}, []string{end}
	if part == "t10k" {
		parts = append(parts, "test")
	}
	if end == "-labels-idx1-ubyte" {
		ends = append(ends, "-labels-idx2-int")
	} else {
		ends = append(ends, "-images-idx4-ubyte")
	}
	found := map[string]string{}
	for _, e := range entries {
		plain, zipped := strings.CutSuffix(strings.ToLower(e.Name()), ".gz")
		plain = strings.Replace(plain, ".idx", "-idx", 1)
		for _, p := range parts {
			for _, end := range ends {
				set, ok := strings.CutSuffix(plain, p+end)
				if !ok || isJunk(e.Name()) || set != "" && !strings.ContainsAny(set[len(set)-1:], "-_") {
					continue
				}
				set = strings.TrimRight(set, "-_")
				if c.Name != "" && set != strings.ToLower(c.Name) {
					continue
				}
				if found[set] == "" || zipped {
					found[set] = e.Name()
				}
			}
		}
	}
	return found, nil
}

func readFile(fsys fs.FS, name string) (f idxFile, err error) {
	st, err := fs.Stat(fsys, name) // before Open, which would wait for ever for somebody to write to a pipe
	if err != nil {
		return f, errors.WithStack(err)
	}
	if !st.Mode().IsRegular() {
		return f, errors.New("not a regular file")
	}
	file, err := fsys.Open(name)
	if err != nil {
		return f, errors.WithStack(err)
	}
	defer file.Close()
	return readIDX(file, st.Size())
}

// pathless takes a file system's path out of its error, since that path lacks the folder.
func pathless(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}
