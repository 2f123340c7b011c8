// Package fetch gets published data sets: it downloads what isn't there, checks it by its SHA-256, and unpacks
// archives.
//
// A file appears under its own name only when it is whole and its sum is right. A download that was cut off goes on
// where it ended.
package fetch

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/pkg/errors"
)

// Set is a published data set.
type Set struct {
	Name    string // for messages, such as CIFAR-10
	Folder  string // in the cache
	Archive *File  // where set, the tar.gz that has the files
	Files   []File // what is used
}

// File is a published file.
type File struct {
	Name   string   // in the set's folder
	Path   string   // in the archive
	URLs   []string // tried one after the other
	Size   int64    // in bytes
	SHA256 string   // in hexadecimal digits
}

// Fetcher is how sets are got.
type Fetcher struct {
	Cache    string    // folder of the sets' folders
	Progress io.Writer // is told what is being downloaded; nil for nobody
	Client   *http.Client
	Stall    time.Duration // a server that sends nothing for so long is given up
}

// New returns a Fetcher for the folder fallline of the user's cache.
func New(progress io.Writer) (*Fetcher, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, errors.Wrap(err, "no folder for caches")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // the sums are of the compressed files
	return &Fetcher{
		Cache: filepath.Join(cache, "fallline"), Progress: progress, Client: &http.Client{Transport: transport}, Stall: time.Minute,
	}, nil
}

// Folder gets a set into the user's cache as Get does, and returns its folder there.
func Folder(ctx context.Context, s *Set, progress io.Writer) (dir string, err error) {
	f, err := New(progress)
	if err != nil {
		return "", err
	}
	return f.Get(ctx, s)
}

// Get makes sure that the files of a set are in its folder, and returns the folder. Files that are there are checked,
// too: one that was changed is an error. Two programs that get the same set at once may cost each other the download,
// but not the sums.
func (f *Fetcher) Get(ctx context.Context, s *Set) (dir string, err error) {
	dir = filepath.Join(f.Cache, s.Folder)
	missing, err := s.missing(ctx, dir)
	if err != nil || len(missing) == 0 {
		return dir, errors.WithMessage(err, s.Name)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", errors.Wrap(err, s.Name)
	}
	if s.Archive != nil {
		return dir, errors.WithMessage(f.getArchive(ctx, s, dir, missing), s.Name)
	}
	return dir, errors.WithMessage(f.downloadAll(ctx, missing, dir), s.Name)
}

// missing returns the files that aren't there.
func (s *Set) missing(ctx context.Context, dir string) (files []File, err error) {
	for _, file := range s.Files {
		ok, err := file.there(ctx, dir)
		if err != nil {
			return nil, err
		}
		if !ok {
			files = append(files, file)
		}
	}
	return files, nil
}

// getArchive unpacks files of the archive. An archive that was downloaded is removed then; one that somebody put there
// stays.
func (f *Fetcher) getArchive(ctx context.Context, s *Set, dir string, files []File) error {
	found, err := s.Archive.there(ctx, dir)
	if err != nil {
		return err
	}
	if !found {
		if err := f.downloadAll(ctx, []File{*s.Archive}, dir); err != nil {
			return err
		}
	}
	path := filepath.Join(dir, s.Archive.Name)
	if err := unpack(ctx, path, dir, files, s.unpacked()); err != nil {
		return errors.WithMessage(err, path)
	}
	if found {
		return nil
	}
	return errors.WithStack(os.Remove(path))
}
