package fetch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// A file that is there and isn't the one that it should be is no reason to overwrite it.
func TestWhatIsThere(t *testing.T) {
	f, s, set, content := plain(t)
	dir := filepath.Join(f.Cache, "test")
	path := filepath.Join(dir, "a.bin")
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{content[:7], "a.bin: found 7 bytes, want 100000"},
		{make([]byte, 100_000), "want " + set.Files[0].SHA256},
	} {
		part(t, f, nil)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := f.Get(context.Background(), set)
		fails(t, err, "TEST: remove the file to get it again: "+path, c.want)
	}
	asks(t, s)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := f.Get(context.Background(), set)
	fails(t, err, "a.bin: not a regular file")
}
