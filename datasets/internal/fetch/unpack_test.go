package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

type entry struct {
	head    tar.Header
	content []byte
}

func plainEntry(name string, content []byte) entry {
	return entry{tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}, content}
}

// pack makes a tar.gz.
func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		if err := w.WriteHeader(&e.head); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archived is a set of the files a.bin and b.bin in a folder of an archive.
func archived(url string, archive, a, b []byte) *Set {
	file := describe("x.tar.gz", archive, url)
	set := &Set{Name: "TEST", Folder: "test", Archive: &file, Files: []File{describe("a.bin", a), describe("b.bin", b)}}
	for i := range set.Files {
		set.Files[i].Path = "in/" + set.Files[i].Name
	}
	return set
}

func TestArchive(t *testing.T) {
	a, b := noise(70_000), []byte("b")
	archive := pack(t, entry{head: tar.Header{Name: "in/", Typeflag: tar.TypeDir, Mode: 0o755}},
		plainEntry("in/readme.html", []byte("hello")), plainEntry("in/b.bin", b), plainEntry("in/a.bin", a))
	s := serve(t, map[string][]byte{"/x.tar.gz": archive})
	f, set := fetcher(t), archived(s.URL+"/x.tar.gz", archive, a, b)
	files := map[string][]byte{"a.bin": a, "b.bin": b}
	for _, want := range [][]string{{"/x.tar.gz"}, {}} {
		dir, err := f.Get(context.Background(), set)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, dir, files)
		asks(t, s, want...)
	}
	// Of an archive that somebody put there, only what is missing is unpacked, and nothing is fetched.
	dir := filepath.Join(f.Cache, "test")
	if err := os.Remove(filepath.Join(dir, "b.bin")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.tar.gz"), archive, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(context.Background(), set); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": a, "b.bin": b, "x.tar.gz": archive})
	asks(t, s)
	if err := os.Truncate(filepath.Join(dir, "x.tar.gz"), 9); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "a.bin")); err != nil {
		t.Fatal(err)
	}
	_, err := f.Get(context.Background(), set)
	fails(t, err, "remove the file", "x.tar.gz: found 9 bytes")
}

// A link where a file is to appear is replaced, not followed.
func TestLinkInTheFolder(t *testing.T) {
	a, b := noise(70_000), []byte("b")
	archive := pack(t, plainEntry("in/b.bin", b), plainEntry("in/a.bin", a))
	s := serve(t, map[string][]byte{"/x.tar.gz": archive})
	f, set := fetcher(t), archived(s.URL+"/x.tar.gz", archive, a, b)
	dir, outside := filepath.Join(f.Cache, "test"), filepath.Join(t.TempDir(), "outside")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "a.bin")); err != nil {
		t.Skipf("not tested: links: %v", err)
	}
	if _, err := f.Get(context.Background(), set); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": a, "b.bin": b})
	if st, err := os.Lstat(filepath.Join(dir, "a.bin")); err != nil || !st.Mode().IsRegular() {
		t.Errorf("a.bin is %v, error %v", st.Mode(), err)
	}
	if _, err := os.Lstat(outside); !os.IsNotExist(err) {
		t.Errorf("the link was followed: %v", err)
	}
}

func TestEvilArchives(t *testing.T) {
	a, b := noise(70_000), []byte("b")
	good := []entry{plainEntry("in/a.bin", a), plainEntry("in/b.bin", b)}
	special := func(name string, kind byte, link string) []entry {
		return append([]entry{{head: tar.Header{Name: name, Typeflag: kind, Linkname: link, Mode: 0o644}}}, good...)
	}
	many := make([]entry, maxEntries)
	for i := range many {
		many[i] = plainEntry(fmt.Sprint("in/", i), nil)
	}
	whole := pack(t, good...)
	for name, c := range map[string]struct {
		archive []byte
		want    string
	}{
		"up":             {pack(t, append([]entry{plainEntry("../a.bin", a)}, good...)...), `"../a.bin"`},
		"up and down":    {pack(t, append([]entry{plainEntry("in/../../a.bin", a)}, good...)...), `"in/../../a.bin"`},
		"absolute":       {pack(t, append([]entry{plainEntry("/a.bin", a)}, good...)...), `"/a.bin"`},
		"link":           {pack(t, special("in/a.bin", tar.TypeSymlink, "/etc/passwd")...), `entry "in/a.bin" of type '2': neither a plain file nor a folder`},
		"link of folder": {pack(t, special("in", tar.TypeSymlink, "..")...), `entry "in" of type '2'`},
		"hard link":      {pack(t, special("in/a.bin", tar.TypeLink, "in/b.bin")...), `entry "in/a.bin" of type '1'`},
		"device":         {pack(t, special("in/a.bin", tar.TypeChar, "")...), `entry "in/a.bin" of type '3'`},
		"block device":   {pack(t, special("in/z", tar.TypeBlock, "")...), `entry "in/z" of type '4'`},
		"pipe":           {pack(t, special("in/z", tar.TypeFifo, "")...), `entry "in/z" of type '6'`},
		"folder":         {pack(t, special("in/a.bin/", tar.TypeDir, "")[:1]...), "no entry in/a.bin"},
		"size":           {pack(t, plainEntry("in/a.bin", a[1:])), "entry in/a.bin: 69999 bytes, want 70000"},
		"sum":            {pack(t, plainEntry("in/a.bin", make([]byte, 70_000))), "entry in/a.bin: found SHA-256"},
		"missing":        {pack(t, plainEntry("a.bin", a), plainEntry("b.bin", b)), "no entry in/a.bin"},
		"empty":          {pack(t), "no entry in/a.bin"},
		"many":           {pack(t, append(many, good...)...), "more than 1000 entries"},
		"no archive":     {a, "gzip"},
		"cut off":        {whole[:len(whole)/2], "unexpected EOF"},
		"no tar":         {zipped(t, a), "tar"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, map[string][]byte{"/x.tar.gz": c.archive})
			f, set := fetcher(t), archived(s.URL+"/x.tar.gz", c.archive, a, b)
			_, err := f.Get(context.Background(), set)
			dir := filepath.Join(f.Cache, "test")
			fails(t, err, c.want, "TEST: "+filepath.Join(dir, "x.tar.gz")+": ")
			holds(t, dir, map[string][]byte{"x.tar.gz": c.archive})
			if entries, err := os.ReadDir(f.Cache); err != nil || len(entries) != 1 {
				t.Errorf("beside the folder: %v, error %v", entries, err)
			}
		})
	}
}

func zipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An archive may unpack to the files, and little else.
func TestArchiveOfZeros(t *testing.T) {
	archive := pack(t, plainEntry("in/zeros", make([]byte, besides+2)), plainEntry("in/a.bin", []byte("a")), plainEntry("in/b.bin", []byte("b")))
	s := serve(t, map[string][]byte{"/x.tar.gz": archive})
	f, set := fetcher(t), archived(s.URL+"/x.tar.gz", archive, []byte("a"), []byte("b"))
	_, err := f.Get(context.Background(), set)
	fails(t, err, "more than 1000 entries or 16777218 bytes")
	holds(t, filepath.Join(f.Cache, "test"), map[string][]byte{"x.tar.gz": archive})
}
