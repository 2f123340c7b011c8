package fashion

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// write writes the four files, with images of a size and the labels 0 to 9.
func write(t *testing.T, side, classes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for prefix, n := range map[string]int{"train": 20, "t10k": 10} {
		images, labels := make([]byte, n*side*side), make([]byte, n)
		for i := range images {
			images[i] = byte(i)
		}
		for i := range labels {
			labels[i] = byte(i % classes)
		}
		idx(t, filepath.Join(dir, prefix+"-images-idx3-ubyte"), images, n, side, side)
		idx(t, filepath.Join(dir, prefix+"-labels-idx1-ubyte"), labels, n)
	}
	return dir
}

func idx(t *testing.T, path string, content []byte, dims ...int) {
	t.Helper()
	b := bytes.NewBuffer([]byte{0, 0, 8, byte(len(dims))})
	for _, d := range dims {
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(d)))
	}
	b.Write(content)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	p, err := Open(write(t, 28, 10))
	if err != nil {
		t.Fatal(err)
	}
	if p.Train.Len() != 20 || p.Test.Len() != 10 || !slices.Equal(p.Train.Shape(), []int{28, 28, 1}) || p.Train.Classes() != len(Names()) || p.Test.Label(9) != 9 {
		t.Errorf("%d and %d images of %v in %d classes", p.Train.Len(), p.Test.Len(), p.Train.Shape(), p.Train.Classes())
	}
	for _, c := range []struct{ dir, want string }{
		{t.TempDir(), "fashion: datasets: no file train-images-idx3-ubyte"},
		{write(t, 27, 10), "has images of shape [27 27 1] in 10 classes, want [28 28 1] in 10"},
		{write(t, 28, 9), "has images of shape [28 28 1] in 9 classes, want [28 28 1] in 10"},
	} {
		if _, err := Open(c.dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// Nothing is fetched here: the context is done, and what is in the cache isn't what was published.
func TestLoad(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not tested: other systems name the folder of caches by other variables")
	}
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, nil); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "fashion: Fashion-MNIST") {
		t.Errorf("error %v, want that of the context", err)
	}
	path := filepath.Join(cache, "fallline", "fashion-mnist", "t10k-labels-idx1-ubyte.gz")
	if err := os.WriteFile(path, make([]byte, 5148), 0o600); err != nil {
		t.Fatal(err)
	}
	want := path + ": found SHA-256 "
	if _, err := Load(context.Background(), nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// What is published are the files that are read.
func TestLoadReads(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not tested: other systems name the folder of caches by other variables")
	}
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	was := published
	defer func() { published = was }()
	published.Folder, published.Files = "made", slices.Clone(published.Files)
	dir := filepath.Join(cache, "fallline", "made")
	if err := os.CopyFS(dir, os.DirFS(write(t, 28, 10))); err != nil {
		t.Fatal(err)
	}
	for i := range published.Files {
		f := &published.Files[i]
		f.Name = strings.TrimSuffix(f.Name, ".gz")
		b, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		f.Size, f.SHA256 = int64(len(b)), fmt.Sprintf("%x", sha256.Sum256(b))
	}
	p, err := Load(context.Background(), nil)
	if err != nil || p.Train.Len() != 20 || p.Test.Len() != 10 {
		t.Errorf("%v, error %v", p, err)
	}
}
