package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/errors"
)

// Every way of not getting a file says how to get it by hand, and leaves nothing that looks like it.
func TestBadServers(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(w http.ResponseWriter, content []byte)
		want   string
		part   int // bytes of the beginning that stay, if any
	}{
		"not found": {func(w http.ResponseWriter, _ []byte) { w.WriteHeader(http.StatusNotFound) }, "the server answers 404 Not Found", 0},
		"partial unasked": {func(w http.ResponseWriter, b []byte) {
			w.Header().Set("Content-Range", "bytes 0-99999/100000")
			w.WriteHeader(http.StatusPartialContent)
			w.Write(b)
		}, "the server answers 206", 0},
		"another file": {func(w http.ResponseWriter, b []byte) { w.Write(make([]byte, len(b))) }, "a.bin.part: found SHA-256 " + fmt.Sprintf("%x", sha256.Sum256(make([]byte, 100_000))), 0},
		"shorter":      {func(w http.ResponseWriter, b []byte) { w.Header().Set("Content-Length", "3"); w.Write(b[:3]) }, "the server offers 3 bytes, want 100000", 0},
		"longer": {func(w http.ResponseWriter, b []byte) {
			w.Header().Set("Content-Length", "100001")
			w.Write(append(bytes.Clone(b), 1))
		}, "the server offers 100001 bytes, want 100000", 0},
		"shorter, unsaid": {func(w http.ResponseWriter, b []byte) { w.(http.Flusher).Flush(); w.Write(b[:3]) }, "ended after 3 of 100000 bytes", 3},
		"longer, unsaid": {func(w http.ResponseWriter, b []byte) {
			w.(http.Flusher).Flush()
			w.Write(append(bytes.Clone(b), make([]byte, 100)...))
		}, "more than the 100000 bytes wanted", 0},
	} {
		f, s, set, content := plain(t)
		s.handle = func(w http.ResponseWriter, _ *http.Request) { c.handle(w, content) }
		_, err := f.Get(context.Background(), set)
		path := filepath.Join(f.Cache, "test", "a.bin")
		fails(t, err, c.want, "TEST: can't fetch a.bin; get in another way and put into "+filepath.Dir(path)+":\n\ta.bin: "+s.URL+"/a.bin, 100000 bytes, SHA-256 "+set.Files[0].SHA256+"\nthe reason: ")
		want := map[string][]byte{}
		if c.part > 0 {
			want["a.bin.part"] = content[:c.part]
		}
		holds(t, filepath.Dir(path), want)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// Offline, the error lists all that is missing, so that one trip to another machine will do.
func TestOffline(t *testing.T) {
	f, s, set, content := plain(t)
	if _, err := f.Get(context.Background(), set); err != nil {
		t.Fatal(err)
	}
	s.Close()
	b, c := describe("b.bin", []byte("b"), s.URL+"/b"), describe("c.bin", []byte("cc"), s.URL+"/c", s.URL+"/mirror/c")
	set.Files = append(set.Files, b, c)
	_, err := f.Get(context.Background(), set)
	dir := filepath.Join(f.Cache, "test")
	fails(t, err, "TEST: can't fetch b.bin; get in another way and put into "+dir+":\n"+
		"\tb.bin: "+s.URL+"/b, 1 bytes, SHA-256 "+b.SHA256+"\n"+
		"\tc.bin: "+s.URL+"/c, 2 bytes, SHA-256 "+c.SHA256+"\n"+
		"the reason: ", "connect")
	for name, content := range map[string]string{"b.bin": "b", "c.bin": "cc", "c.bin.part": "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Get(context.Background(), set); err != nil {
		t.Errorf("with the files put there: %v", err)
	}
	holds(t, dir, map[string][]byte{"a.bin": content, "b.bin": []byte("b"), "c.bin": []byte("cc")})
}

func TestCancel(t *testing.T) {
	f, s, set, content := plain(t)
	ctx, cancel := context.WithCancel(context.Background())
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(content[:30_000])
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	}
	if _, err := f.Get(ctx, set); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "another way") {
		t.Errorf("error %v, want that of the context alone", err)
	}
	if _, err := os.Stat(filepath.Join(f.Cache, "test", "a.bin")); !os.IsNotExist(err) {
		t.Errorf("a.bin is there: %v", err)
	}
	s.handle = nil
	if _, err := f.Get(ctx, set); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	dir, err := f.Get(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": content})
	if _, err := f.Get(ctx, set); !errors.Is(err, context.Canceled) {
		t.Errorf("checking what is there: error %v, want that of the context", err)
	}
}

func TestStall(t *testing.T) {
	f, s, set, content := plain(t)
	f.Stall = 50 * time.Millisecond
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(content[:30_000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	_, err := f.Get(context.Background(), set)
	fails(t, err, "nothing came for 50ms", "get in another way")
}
