package fetch

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"

	"github.com/fallline/fallline/internal/wholefile"
	"github.com/pkg/errors"
)

const (
	// maxEntries is the most entries that an archive may have.
	maxEntries = 1000
	// besides is the most bytes that it may have beside the set's files: a page about them, and the entries' headers.
	besides = 16 << 20
)

// unpacked is the most bytes that the set's archive may unpack to.
func (s *Set) unpacked() int64 {
	n := int64(besides)
	for _, file := range s.Files {
		n += file.Size
	}
	return n
}

// unpack writes files of a tar.gz to a folder, under the names that they are wanted by: the archive decides about no
// path. An entry that is neither a plain file nor a folder, or whose name leads out of the archive, is an error, even
// where it isn't wanted, and so are more than most bytes.
func unpack(ctx context.Context, archive, dir string, files []File, most int64) error {
	in, err := os.Open(archive)
	if err != nil {
		return errors.WithStack(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(bufio.NewReaderSize(withContext(ctx, in), 1<<16))
	if err != nil {
		return errors.Wrap(err, "gzip")
	}
	wanted := map[string]File{}
	for _, file := range files {
		wanted[file.Path] = file
	}
	limit := &io.LimitedReader{R: z, N: most + 1}
	t := tar.NewReader(limit)
	for entries := 0; len(wanted) > 0; entries++ {
		head, err := t.Next()
		switch {
		case limit.N <= 0 || entries >= maxEntries:
			return errors.Errorf("more than %d entries or %d bytes", maxEntries, most)
		case err == io.EOF:
			return errors.Errorf("no entry %s", anyPath(wanted))
		case err != nil:
			return errors.Wrap(err, "tar")
		}
		if err := checkEntry(head); err != nil {
			return err
		}
		file, ok := wanted[head.Name]
		if !ok || head.Typeflag != tar.TypeReg {
			continue
		}
		if head.Size != file.Size {
			return errors.Errorf("entry %s: %d bytes, want %d", head.Name, head.Size, file.Size)
		}
		if err := file.write(t, dir); err != nil {
			return errors.WithMessagef(err, "entry %s", head.Name)
		}
		delete(wanted, head.Name)
	}
	return nil
}

func anyPath(files map[string]File) (path string) {
	for p := range files {
		if path == "" || p < path {
			path = p
		}
	}
	return path
}

// checkEntry refuses what no archive of data needs.
func checkEntry(head *tar.Header) error {
	switch head.Typeflag {
	case tar.TypeReg, tar.TypeDir, tar.TypeXGlobalHeader: // the last is a comment on the archive
	default:
		return errors.Errorf("entry %q of type %q: neither a plain file nor a folder", head.Name, head.Typeflag)
	}
	if !filepath.IsLocal(head.Name) {
		return errors.Errorf("entry %q leads out of the archive", head.Name)
	}
	return nil
}

// write puts what r has into the folder as this file, once its sum is right.
func (f *File) write(r io.Reader, dir string) (err error) {
	out, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return errors.WithStack(err)
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, hash), r)
	if err != nil {
		return errors.WithStack(err)
	}
	if err := f.compare(n, hash.Sum(nil)); err != nil {
		return err
	}
	if err := out.Chmod(0o644); err != nil {
		return errors.WithStack(err)
	}
	if err := out.Sync(); err != nil {
		return errors.WithStack(err)
	}
	if err := out.Close(); err != nil {
		return errors.WithStack(err)
	}
	return wholefile.Rename(out.Name(), filepath.Join(dir, f.Name))
}
