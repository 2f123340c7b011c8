package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// FuzzUnpack: whatever is in an archive, nothing but the files that are wanted appears, whole, and nothing outside of
// the folder.
func FuzzUnpack(f *testing.F) {
	a, b := []byte("aaaa"), []byte("b")
	good := []entry{plainEntry("in/a.bin", a), plainEntry("in/b.bin", b)}
	for _, e := range []tar.Header{
		{Name: "in/", Typeflag: tar.TypeDir}, {Name: "../a.bin", Typeflag: tar.TypeReg}, {Name: "/a.bin", Typeflag: tar.TypeReg},
		{Name: "in/a.bin", Typeflag: tar.TypeSymlink, Linkname: "../x"}, {Name: "in/b.bin", Typeflag: tar.TypeLink, Linkname: "in/a.bin"},
	} {
		z, err := gzip.NewReader(bytes.NewReader(pack(f, append([]entry{{head: e}}, good...)...)))
		if err != nil {
			f.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	set := archived("", nil, a, b)
	f.Fuzz(func(t *testing.T, plain []byte) {
		parent := t.TempDir()
		dir, archive := filepath.Join(parent, "dir"), filepath.Join(parent, "x.tar.gz")
		packed := zipped(t, plain)
		if err := os.WriteFile(archive, packed, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		err := unpack(context.Background(), archive, dir, set.Files, 1<<16)
		want := map[string][]byte{"a.bin": a, "b.bin": b}
		entries, _ := os.ReadDir(dir)
		if err == nil && len(entries) != len(want) {
			t.Errorf("%d files without an error", len(entries))
		}
		for _, e := range entries {
			content, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil || !bytes.Equal(content, want[e.Name()]) || !e.Type().IsRegular() {
				t.Errorf("%s, %v, has %q, error %v", e.Name(), e.Type(), content, err)
			}
		}
		if entries, err := os.ReadDir(parent); err != nil || len(entries) != 2 {
			t.Errorf("beside the folder: %v, error %v", entries, err)
		}
	})
}
