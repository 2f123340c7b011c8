package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

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
	// A server that would compress what it sends isn't asked to: the sums are of what is published.
	_, server, set, content := plain(t)
	server.handle = func(w http.ResponseWriter, r *http.Request) {
		if asked := r.Header.Get("Accept-Encoding"); asked != "" {
			t.Errorf("asked for the encoding %q", asked)
		}
		server.give(w, r)
	}
	dir, err := f.Get(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string][]byte{"a.bin": content})
	t.Setenv("HOME", "")
	_, err = New(nil)
	fails(t, err, "no folder for caches")
}
