package cifar

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
)

// The sets that are opened by name want the published numbers of images.
func TestPublishedLengths(t *testing.T) {
	tens, hundreds := write(t, small(ten, 5, 3)), write(t, small(hundred, 5, 3))
	for _, c := range []struct {
		open func(string) (*datasets.Pair, error)
		dir  string
		want string
	}{
		{Open10, tens, "data_batch_1.bin: found 15365 bytes, want 30730000: 10000 records of 3073 bytes"},
		{Open100, hundreds, "train.bin: found 15370 bytes, want 153700000: 50000 records of 3074 bytes"},
		{Open100Coarse, hundreds, "want 153700000"},
	} {
		if _, err := c.open(c.dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

// Files of the published lengths, of zeros, are opened with the classes of each set.
func TestOpenPublished(t *testing.T) {
	if testing.Short() {
		t.Skip("not tested: files of the published lengths, which take a second")
	}
	for name, c := range map[string]struct {
		open    func(string) (*datasets.Pair, error)
		e       edition
		classes int
	}{"10": {Open10, ten, 10}, "100": {Open100, hundred, 100}, "100 coarse": {Open100Coarse, hundred, 20}} {
		dir := t.TempDir()
		for i, file := range slices.Concat(c.e.train, c.e.test) {
			records := c.e.perTrain
			if i >= len(c.e.train) {
				records = c.e.perTest
			}
			path := filepath.Join(dir, file)
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, int64(records*c.e.form.size())); err != nil {
				t.Fatal(err)
			}
		}
		p, err := c.open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if p.Train.Len() != 50_000 || p.Test.Len() != 10_000 || p.Train.Classes() != c.classes || p.Test.Classes() != c.classes {
			t.Errorf("%s: %d and %d images in %d and %d classes, want 50000 and 10000 in %d",
				name, p.Train.Len(), p.Test.Len(), p.Train.Classes(), p.Test.Classes(), c.classes)
		}
	}
}
