package cifar

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/internal/fetch"
	"github.com/pkg/errors"
)

// What is published has the files that are read, in the lengths that are read.
func TestArchivesHaveTheFiles(t *testing.T) {
	for name, c := range map[string]struct {
		e    edition
		have map[string]int64
	}{"10": {ten, sizes(t, archive10.Files)}, "100": {hundred, sizes(t, archive100.Files)}} {
		want := map[string]int64{}
		for _, file := range c.e.train {
			want[file] = int64(c.e.perTrain * c.e.form.size())
		}
		for _, file := range c.e.test {
			want[file] = int64(c.e.perTest * c.e.form.size())
		}
		for file, size := range want {
			if c.have[file] != size {
				t.Errorf("%s: %s has %d bytes in the archive, want %d", name, file, c.have[file], size)
			}
		}
		if len(c.have) != len(want) {
			t.Errorf("%s: the archive has %v, want %v", name, c.have, want)
		}
	}
}

func sizes(t *testing.T, files []fetch.File) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	for _, f := range files {
		if len(f.SHA256) != 64 || filepath.Base(f.Path) != f.Name {
			t.Errorf("file %+v", f)
		}
		sizes[f.Name] = f.Size
	}
	return sizes
}

// Nothing is fetched here: the context is done, and what is in the cache isn't what was published.
func TestLoad(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not tested: other systems name the folder of caches by other variables")
	}
	for folder, load := range map[string]func(context.Context, io.Writer) (*datasets.Pair, error){
		"cifar-10/test_batch.bin": Load10, "cifar-100/train.bin": Load100, "cifar-100/test.bin": Load100Coarse,
	} {
		cache := t.TempDir()
		t.Setenv("XDG_CACHE_HOME", cache)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := load(ctx, nil); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "cifar: CIFAR-10") {
			t.Errorf("%s: error %v, want that of the context", folder, err)
		}
		path := filepath.Join(cache, "fallline", filepath.FromSlash(folder))
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := load(context.Background(), nil); err == nil || !strings.Contains(err.Error(), path+": found 1 bytes, want") {
			t.Errorf("%s: error %v", folder, err)
		}
	}
}

// What is in the cache is read.
func TestLoadReads(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("not tested: other systems name the folder of caches by other variables")
	}
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	e := small(ten, 5, 3)
	dir := filepath.Join(cache, "fallline", "made")
	if err := os.CopyFS(dir, os.DirFS(write(t, e))); err != nil {
		t.Fatal(err)
	}
	made := archive10
	made.Folder, made.Files = "made", slices.Clone(made.Files)
	for i := range made.Files {
		f := &made.Files[i]
		b, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		f.Size, f.SHA256 = int64(len(b)), fmt.Sprintf("%x", sha256.Sum256(b))
	}
	p, err := load(context.Background(), &made, nil, e.open)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "train", p.Train, 0, 10)
	check(t, "test", p.Test, 25, 10)
}
