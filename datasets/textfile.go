package datasets

import (
	"compress/gzip"
	"io"
	"os"
	"strings"

	"github.com/pkg/errors"
)

// openText reads a file of text, compressed with gzip if its name ends in .gz.
func openText[T any](path string, read func(io.Reader) (T, error)) (t T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return t, errors.Wrap(err, "datasets")
	}
	defer f.Close()
	r := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return t, errors.Wrapf(err, "datasets: %s is not gzip", path)
		}
	}
	t, err = read(r)
	return t, errors.WithMessagef(err, "datasets: %s", path)
}
