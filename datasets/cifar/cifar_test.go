package cifar

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/datasets"
)

// small are the published sets with less in each file.
func small(e edition, train, test int) edition {
	e.perTrain, e.perTest = train, test
	return e
}

// value is what a made image has at a place: a different byte for neighbours in every direction.
func value(image, y, x, c int) uint8 { return uint8(image*101 + y*31 + x*7 + c*57) }

// records makes records with the numbers from first on: image i has the labels of i.
func records(f form, first, n int) []byte {
	var b []byte
	for i := first; i < first+n; i++ {
		for _, limit := range f.limits {
			b = append(b, byte(i%limit))
		}
		for c := range Channels {
			for y := range Side {
				for x := range Side {
					b = append(b, value(i, y, x, c))
				}
			}
		}
	}
	return b
}

// write writes the files of a set; the numbers go on from file to file, those of the test files after those of the
// training files.
func write(t *testing.T, e edition) (dir string) {
	t.Helper()
	dir = t.TempDir()
	first := 0
	for _, part := range []struct {
		names []string
		n     int
	}{{e.train, e.perTrain}, {e.test, e.perTest}} {
		for _, name := range part.names {
			if err := os.WriteFile(filepath.Join(dir, name), records(e.form, first, part.n), 0o600); err != nil {
				t.Fatal(err)
			}
			first += part.n
		}
	}
	return dir
}

func TestOpen(t *testing.T) {
	coarse := hundred
	coarse.form.label = 0
	for _, c := range []struct {
		name    string
		e       edition
		classes int
	}{{"10", small(ten, 70, 3), 10}, {"100", small(hundred, 300, 64), 100}, {"100 coarse", small(coarse, 130, 64), 20}} {
		p, err := c.e.open(write(t, c.e))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		wantTrain, wantTest := len(c.e.train)*c.e.perTrain, len(c.e.test)*c.e.perTest
		if p.Train.Len() != wantTrain || p.Test.Len() != wantTest {
			t.Errorf("%s: %d and %d images, want %d and %d", c.name, p.Train.Len(), p.Test.Len(), wantTrain, wantTest)
		}
		check(t, c.name+" train", p.Train, 0, c.classes)
		check(t, c.name+" test", p.Test, wantTrain, c.classes)
	}
}

// check compares images with the made ones from a number on.
func check(t *testing.T, name string, m *datasets.Images, first, classes int) {
	t.Helper()
	if m.Classes() != classes || !slices.Equal(m.Shape(), []int{32, 32, 3}) {
		t.Errorf("%s: %d classes, shape %v, want %d, [32 32 3]", name, m.Classes(), m.Shape(), classes)
	}
	for i := range m.Len() {
		if m.Label(i) != (first+i)%classes {
			t.Fatalf("%s: image %d has label %d, want %d", name, i, m.Label(i), (first+i)%classes)
		}
		for k, p := range m.Pixels(i) {
			if want := value(first+i, k/(Channels*Side), k/Channels%Side, k%Channels); p != want {
				t.Fatalf("%s: image %d has %d at %d, want %d", name, i, p, k, want)
			}
		}
	}
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct {
		name  string
		e     edition
		file  string
		spoil func(b []byte) []byte
		want  string
	}{
		{"missing", ten, "data_batch_4.bin", nil, "cifar: no file "},
		{"short", ten, "test_batch.bin", func(b []byte) []byte { return b[:len(b)-1] }, "test_batch.bin: found 9218 bytes, want 9219: 3 records of 3073 bytes"},
		{"long", hundred, "train.bin", func(b []byte) []byte { return append(b, 0) }, "train.bin: found 15371 bytes, want 15370: 5 records of 3074 bytes"},
		{"empty", ten, "data_batch_1.bin", func([]byte) []byte { return nil }, "data_batch_1.bin: found 0 bytes, want 15365"},
		{"label", ten, "data_batch_5.bin", func(b []byte) []byte { b[4*3073] = 10; return b }, "data_batch_5.bin: record 4: label 10 at offset 12292 outside [0, 10)"},
		{"class", hundred, "test.bin", func(b []byte) []byte { b[3074+1] = 100; return b }, "test.bin: record 1: label 100 at offset 3075 outside [0, 100)"},
		{"superclass", hundred, "test.bin", func(b []byte) []byte { b[2*3074] = 20; return b }, "test.bin: record 2: label 20 at offset 6148 outside [0, 20)"},
	} {
		e := small(c.e, 5, 3)
		dir := write(t, e)
		path := filepath.Join(dir, c.file)
		if c.spoil == nil {
			c.want += path
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.spoil(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := e.open(dir); err == nil || !strings.HasPrefix(err.Error(), "cifar: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestFolderForFile(t *testing.T) {
	e := small(ten, 5, 3)
	dir := write(t, e)
	path := filepath.Join(dir, "data_batch_2.bin")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := e.open(dir); err == nil || !strings.Contains(err.Error(), "data_batch_2.bin: not a regular file") {
		t.Errorf("error %v", err)
	}
}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("broken") }

func TestNames(t *testing.T) {
	for _, c := range []struct {
		names []string
		n     int
	}{{Names10(), 10}, {Names100(), 100}, {Names100Coarse(), 20}} {
		if len(c.names) != c.n || !slices.IsSorted(c.names) || len(slices.Compact(slices.Clone(c.names))) != c.n {
			t.Errorf("%d names: %v, want %d different ones in the order of the alphabet", len(c.names), c.names, c.n)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	e := small(ten, 1000, 1000)
	dir := b.TempDir()
	for _, name := range slices.Concat(e.train, e.test) {
		if err := os.WriteFile(filepath.Join(dir, name), records(e.form, 0, 1000), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(6000 * int64(e.form.size()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.open(dir); err != nil {
			b.Fatal(err)
		}
	}
}

// TestClassNames: the sets name their classes, the superclasses where those are the classes.
func TestClassNames(t *testing.T) {
	for _, c := range []struct {
		form form
		want []string
	}{{ten.form, Names10()}, {hundred.form, Names100()}, {form{limits: hundred.form.limits}, Names100Coarse()}} {
		m, err := c.form.readAll(bytes.NewReader(make([]byte, c.form.size())))
		if err != nil || !slices.Equal(m.ClassNames(), c.want) || m.Classes() != len(c.want) {
			t.Errorf("%d classes %q, want %q (%v)", m.Classes(), m.ClassNames(), c.want, err)
		}
	}
}

// TestElsewhere: what is there in the place of the files is said.
func TestElsewhere(t *testing.T) {
	for name, want := range map[string]string{
		"data_batch_1":                          "data_batch_1.bin: the folder has the set's Python version, want the binary one",
		"cifar-10-batches-bin/data_batch_1.bin": "data_batch_1.bin: it is in the folder cifar-10-batches-bin there",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open10(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
