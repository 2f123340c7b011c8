// Package wholefile writes files that appear whole or not at all.
package wholefile

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"github.com/pkg/errors"
)

// Write puts what write writes at path: first into a temporary file in the same folder, which is synced and then
// renamed over path; then the folder is synced, since a rename is only on disk with its folder. The temporary file is
// removed on any error.
func Write(path string, write func(io.Writer) error) (err error) {
	path, err = target(path)
	if err != nil {
		return err
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return errors.WithStack(err)
	}
	if err := f.Close(); err != nil {
		return errors.WithStack(err)
	}
	return Rename(f.Name(), path)
}

// Rename gives a file that is whole and on disk its own name, in the same folder, and makes that last.
func Rename(from, path string) error {
	if err := os.Rename(from, path); err != nil {
		return errors.WithStack(err)
	}
	return syncFolder(filepath.Dir(path))
}

// target is the path to rename to: behind a link, in whose place the rename would put the file otherwise. What is there
// already and is no regular file, such as a folder or a device, is not to be replaced.
func target(path string) (string, error) {
	if behind, err := filepath.EvalSymlinks(path); err == nil {
		path = behind
	}
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		return path, errors.New("not a regular file")
	}
	return path, nil
}

// Probe tells in advance why Write could not write a file at path. It makes a temporary file as Write does, and removes
// it again.
func Probe(path string) error {
	path, err := target(path)
	if err != nil {
		return err
	}
	f, err := create(path)
	if err != nil {
		return err
	}
	f.Close()
	return errors.WithStack(os.Remove(f.Name()))
}

// create makes a new file beside path: hidden, and with the permissions that an ordinary new file gets, which
// os.CreateTemp would not give it.
func create(path string) (*os.File, error) {
	prefix := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".")
	for {
		f, err := os.OpenFile(prefix+strconv.FormatUint(rand.Uint64(), 36)+".tmp", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			return f, nil
		}
		if os.IsExist(err) {
			continue
		}
		if p := new(os.PathError); errors.As(err, &p) {
			err = p.Err // without the temporary file's path, which says nothing to anybody
		}
		return nil, errors.Wrapf(err, "a new file in %s", filepath.Dir(path))
	}
}

// syncFolder flushes a folder's entries to disk, where the system can do that.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder can't be synced there
	}
	f, err := os.Open(dir)
	if err != nil {
		return errors.WithStack(err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return errors.WithStack(err)
	}
	return nil
}
