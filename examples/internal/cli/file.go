package cli

import (
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/checkpoint"
)

// WriteFile writes a file, whole or not at all.
func WriteFile(path string, data []byte) error {
	if err := checkpoint.CheckPath(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".write-*")
	if err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return errors.Wrapf(err, "write %s", path)
}
