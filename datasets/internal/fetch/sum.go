package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
)

// there says whether a file is in a folder. One of another size or sum is an error.
func (f *File) there(ctx context.Context, dir string) (bool, error) {
	path := filepath.Join(dir, f.Name)
	switch st, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, errors.WithStack(err)
	case !st.Mode().IsRegular():
		return false, errors.Errorf("%s: not a regular file", path)
	}
	if err := f.check(ctx, path); err != nil {
		return false, errors.WithMessage(err, "remove the file to get it again")
	}
	os.Remove(path + partial) // of a download that was cut off before the file was put here by hand
	return true, nil
}

// check compares the file at a path with the size and the sum.
func (f *File) check(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, withContext(ctx, file))
	if err != nil {
		return errors.Wrap(err, path)
	}
	return errors.WithMessage(f.compare(n, hash.Sum(nil)), path)
}

// compare says what is wrong with a file of n bytes and a sum.
func (f *File) compare(n int64, sum []byte) error {
	switch got := hex.EncodeToString(sum); {
	case n != f.Size:
		return errors.Errorf("found %d bytes, want %d", n, f.Size)
	case got != f.SHA256:
		return errors.Errorf("found SHA-256 %s, want %s", got, f.SHA256)
	}
	return nil
}

// withContext is a reader that fails once the context is done.
func withContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}
