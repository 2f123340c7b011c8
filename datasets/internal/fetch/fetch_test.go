package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkg/errors"
)

// server gives contents by path, and notes what was asked.
type server struct {
	*httptest.Server
	contents map[string][]byte
	handle   http.HandlerFunc // where set, it answers instead

	mu    sync.Mutex
	asked []string // path, and the Range where there was one
}

func serve(t *testing.T, contents map[string][]byte) *server {
	t.Helper()
	s := &server{contents: contents}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
		s.mu.Unlock()
		if s.handle != nil {
			s.handle(w, r)
			return
		}
		s.give(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) give(w http.ResponseWriter, r *http.Request) {
	if b, ok := s.contents[r.URL.Path]; ok {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
		return
	}
	http.NotFound(w, r)
}

// requests are what was asked since the last call.
func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*i*31 + i>>3)
	}
	return b
}

func describe(name string, content []byte, urls ...string) File {
	return File{Name: name, Path: name, URLs: urls, Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256(content))}
}

func fetcher(t *testing.T) *Fetcher {
	t.Helper()
	return &Fetcher{Cache: filepath.Join(t.TempDir(), "cache"), Client: http.DefaultClient, Stall: time.Minute}
}

// plain is a set of one file of 100,000 bytes on a server.
func plain(t *testing.T) (f *Fetcher, s *server, set *Set, content []byte) {
	t.Helper()
	content = noise(100_000)
	s = serve(t, map[string][]byte{"/a.bin": content})
	return fetcher(t), s, &Set{Name: "TEST", Folder: "test", Files: []File{describe("a.bin", content, s.URL+"/a.bin")}}, content
}

// part writes what an earlier download left.
func part(t *testing.T, f *Fetcher, content []byte) {
	t.Helper()
	dir := filepath.Join(f.Cache, "test")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.bin.part"), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// holds checks that a folder has these files and nothing else.
func holds(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, ok := want[e.Name()]
		if !ok {
			t.Errorf("%s is in the folder", e.Name())
			continue
		}
		got, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes of other content than the %d wanted, error %v", e.Name(), len(got), len(content), err)
		}
	}
	if len(entries) < len(want) {
		t.Errorf("%d files in the folder, want %d", len(entries), len(want))
	}
}

func fails(t *testing.T, err error, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func asks(t *testing.T, s *server, want ...string) {
	t.Helper()
	if got := s.requests(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("asked for %q, want %q", got, want)
	}
}

func TestGet(t *testing.T) {
	a, b := noise(100_000), []byte("b")
	s := serve(t, map[string][]byte{"/x/a.bin": a, "/b": b})
	f := fetcher(t)
	var told bytes.Buffer
	f.Progress = &told
	set := &Set{Name: "TEST", Folder: "test", Files: []File{describe("a.bin", a, s.URL+"/x/a.bin"), describe("b.bin", b, s.URL+"/gone", s.URL+"/b")}}
	for _, want := range [][]string{{"/x/a.bin", "/gone", "/b"}, {}} { // the second time nothing is asked
		dir, err := f.Get(context.Background(), set)
		if err != nil || dir != filepath.Join(f.Cache, "test") {
			t.Fatalf("folder %s, error %v", dir, err)
		}
		holds(t, dir, map[string][]byte{"a.bin": a, "b.bin": b})
		asks(t, s, want...)
	}
	if want := fmt.Sprintf("fetching %s/x/a.bin, 0.1 MB\nfetching %[1]s/b, 0.0 MB\n", s.URL); told.String() != want {
		t.Errorf("told %q, want %q", told.String(), want)
	}
}

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

// Every way of not getting a file says how to get it by hand, and leaves nothing that looks like it.
func TestBadServers(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(w http.ResponseWriter, content []byte)
		want   string
		part   int // bytes of the beginning that stay
	}{
		"not found": {func(w http.ResponseWriter, _ []byte) { w.WriteHeader(http.StatusNotFound) }, "the server answers 404 Not Found", 0},
		"partial unasked": {func(w http.ResponseWriter, b []byte) {
			w.Header().Set("Content-Range", "bytes 0-99999/100000")
			w.WriteHeader(http.StatusPartialContent)
			w.Write(b)
		}, "the server answers 206", 0},
		"another file": {func(w http.ResponseWriter, b []byte) { w.Write(make([]byte, len(b))) }, "a.bin.part: found SHA-256 " + fmt.Sprintf("%x", sha256.Sum256(make([]byte, 100_000))), -1},
		"shorter":      {func(w http.ResponseWriter, b []byte) { w.Header().Set("Content-Length", "3"); w.Write(b[:3]) }, "the server offers 3 bytes, want 100000", 0},
		"longer": {func(w http.ResponseWriter, b []byte) {
			w.Header().Set("Content-Length", "100001")
			w.Write(append(bytes.Clone(b), 1))
		}, "the server offers 100001 bytes, want 100000", 0},
		"shorter, unsaid": {func(w http.ResponseWriter, b []byte) { w.(http.Flusher).Flush(); w.Write(b[:3]) }, "ended after 3 of 100000 bytes", 3},
		"longer, unsaid": {func(w http.ResponseWriter, b []byte) {
			w.(http.Flusher).Flush()
			w.Write(append(bytes.Clone(b), make([]byte, 100)...))
		}, "more than the 100000 bytes wanted", -1},
	} {
		f, s, set, content := plain(t)
		s.handle = func(w http.ResponseWriter, _ *http.Request) { c.handle(w, content) }
		_, err := f.Get(context.Background(), set)
		path := filepath.Join(f.Cache, "test", "a.bin")
		fails(t, err, c.want, "TEST: can't fetch a.bin; get "+s.URL+"/a.bin in another way (100000 bytes, SHA-256 "+set.Files[0].SHA256+") and put it at "+path+": ")
		want := map[string][]byte{}
		if c.part >= 0 {
			want["a.bin.part"] = content[:c.part]
		}
		holds(t, filepath.Dir(path), want)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestOffline(t *testing.T) {
	f, s, set, _ := plain(t)
	s.Close()
	_, err := f.Get(context.Background(), set)
	fails(t, err, "get "+s.URL+"/a.bin in another way", "connect")
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
	fails(t, err, "nothing came for 50ms", "get "+s.URL)
}

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

func TestNoFolder(t *testing.T) {
	f, _, set, _ := plain(t)
	if err := os.WriteFile(f.Cache, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := f.Get(context.Background(), set)
	fails(t, err, "TEST: ", f.Cache)
}

func TestNew(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not tested: other systems name the folder of caches by other variables")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	f, err := New(nil)
	if err != nil || f.Cache != filepath.Join(home, ".cache", "fallline") {
		t.Errorf("folder %v, error %v", f, err)
	}
	t.Setenv("HOME", "")
	_, err = New(nil)
	fails(t, err, "no folder for caches")
}
