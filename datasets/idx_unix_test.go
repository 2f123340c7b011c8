//go:build unix

package datasets

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestIDXPipe: a pipe, which nobody writes to, is refused and not waited for.
func TestIDXPipe(t *testing.T) {
	dir := folder(t, tiny())
	path := filepath.Join(dir, trainImages)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("not tested: ", err)
	}
	_, err := OpenIDX(dir)
	fails(t, "pipe", err, path+": not a regular file")
}

// TestIDXInFile: the error for a file in a folder's place gives the whole path, once.
func TestIDXInFile(t *testing.T) {
	dir := folder(t, tiny())
	path := filepath.Join(dir, trainImages)
	_, err := OpenIDX(path)
	fails(t, "a file for a folder", err, "datasets: "+path+"/train-images-idx3-ubyte.gz: not a directory")
	if err != nil && strings.Count(err.Error(), "train-images-idx3-ubyte.gz") != 1 {
		t.Errorf("error %v names the file more than once", err)
	}
}
