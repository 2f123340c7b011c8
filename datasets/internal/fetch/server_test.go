package fetch

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
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
