package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "page")
	for _, want := range []string{"first, and long", "second"} {
		if err := WriteFile(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%q, error %v, want %q", got, err, want)
		}
	}
	for _, bad := range []string{dir, filepath.Join(dir, "none", "page"), filepath.Join(path, "page")} {
		if err := WriteFile(bad, nil); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("left %v behind, error %v", files, err)
	}
}
