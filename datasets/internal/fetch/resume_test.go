package fetch

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
)

// What is there is used, and one byte less is not.
func TestPartsAreContinued(t *testing.T) {
	for _, c := range []struct {
		name  string
		part  func(content []byte) []byte
		asked []string
	}{
		{"half", func(b []byte) []byte { return b[:50_000] }, []string{"/a.bin bytes=50000-"}},
		{"all but one", func(b []byte) []byte { return b[:99_999] }, []string{"/a.bin bytes=99999-"}},
		{"whole", func(b []byte) []byte { return b }, nil},
		{"empty", func([]byte) []byte { return nil }, []string{"/a.bin"}},
		{"too long", func(b []byte) []byte { return append(bytes.Clone(b), 1) }, []string{"/a.bin"}},
		{"half of another", func(b []byte) []byte { return make([]byte, 50_000) }, []string{"/a.bin bytes=50000-", "/a.bin"}},
		{"whole of another", func(b []byte) []byte { return make([]byte, 100_000) }, []string{"/a.bin"}},
	} {
		f, s, set, content := plain(t)
		part(t, f, c.part(content))
		dir, err := f.Get(context.Background(), set)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		holds(t, dir, map[string][]byte{"a.bin": content})
		asks(t, s, c.asked...)
	}
}

func TestServerWithoutRanges(t *testing.T) {
	f, s, set, content := plain(t)
	s.handle = func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write(content); err != nil {
			t.Error(err)
		}
	}
	part(t, f, content[:10])
	dir, err := f.Get(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": content})
	asks(t, s, "/a.bin bytes=10-")
}

func TestCutOff(t *testing.T) {
	f, s, set, content := plain(t)
	s.handle = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		if _, err := w.Write(content[:40_000]); err != nil {
			t.Error(err)
		}
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	_, err := f.Get(context.Background(), set)
	fails(t, err, "TEST: can't fetch a.bin", "cut off after 40000 of 100000 bytes")
	holds(t, filepath.Join(f.Cache, "test"), map[string][]byte{"a.bin.part": content[:40_000]})
	s.handle = nil
	s.requests()
	var told bytes.Buffer
	f.Progress = &told
	dir, err := f.Get(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": content})
	asks(t, s, "/a.bin bytes=40000-")
	fails(t, errors.New(told.String()), "0.1 MB from byte 40000 on\n")
}
