package cli

import (
	"io"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/wholefile"
)

// WriteFile writes a file, whole or not at all.
func WriteFile(path string, data []byte) error {
	if err := checkpoint.CheckPath(path); err != nil {
		return err
	}
	err := wholefile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	return errors.WithMessagef(err, "write %s", path)
}
