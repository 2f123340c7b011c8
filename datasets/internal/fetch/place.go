package fetch

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/pkg/errors"
)

// place renames a file that is whole and on disk to its own name, in the same folder, and makes that last.
func place(from, path string) error {
	if err := os.Rename(from, path); err != nil {
		return errors.WithStack(err)
	}
	if runtime.GOOS == "windows" { // where a folder can't be synced
		return nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return errors.WithStack(err)
	}
	defer dir.Close()
	return errors.WithStack(dir.Sync())
}
