package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// idx is a file with a header of these dimensions and these elements.
func idx(data []byte, dims ...uint32) []byte {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, data...)
}

func zip(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// tiny is a folder with 3 images of 1x2 to train on and 2 to test on.
func tiny() map[string][]byte {
	return map[string][]byte{
		trainImages: idx([]byte{1, 2, 3, 4, 5, 6}, 3, 1, 2),
		trainLabels: idx([]byte{0, 1, 4}, 3),
		testImages:  idx([]byte{7, 8, 9, 10}, 2, 1, 2),
		testLabels:  idx([]byte{2, 5}, 2),
	}
}

func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOpenIDX(t *testing.T) {
	colour := tiny()
	colour[trainImages] = idx([]byte{1, 2, 3, 4, 5, 6}, 3, 1, 1, 2)
	colour[testImages] = idx([]byte{7, 8, 9, 10}, 2, 1, 1, 2)
	zipped, dotted, misnamed := map[string][]byte{}, map[string][]byte{}, map[string][]byte{}
	for name, b := range tiny() {
		zipped[name+".gz"] = zip(b)
		dotted[strings.Replace(name, "-idx", ".idx", 1)] = b
		misnamed[name] = zip(b)
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		shape []int
	}{
		{"plain", tiny(), []int{1, 2, 1}},
		{"colour", colour, []int{1, 1, 2}},
		{"gzip", zipped, []int{1, 2, 1}},
		{"dotted", dotted, []int{1, 2, 1}},
		{"gzip under a plain name", misnamed, []int{1, 2, 1}},
	} {
		p, err := OpenIDX(folder(t, c.files))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if p.Train.Len() != 3 || p.Test.Len() != 2 || p.Train.Classes() != 6 || p.Test.Classes() != 6 || !slices.Equal(p.Train.Shape(), c.shape) {
			t.Errorf("%s: %d and %d images of shape %v in %d and %d classes", c.name, p.Train.Len(), p.Test.Len(), p.Train.Shape(), p.Train.Classes(), p.Test.Classes())
		}
		if !slices.Equal(p.Train.Pixels(2), []byte{5, 6}) || p.Train.Label(2) != 4 || !slices.Equal(p.Test.Pixels(0), []byte{7, 8}) || p.Test.Label(1) != 5 {
			t.Errorf("%s: images or labels are mixed up", c.name)
		}
	}
}

func TestBadIDX(t *testing.T) {
	good := tiny()[trainImages]
	flipped := zip(good)
	flipped[len(flipped)-8] ^= 1
	for _, c := range []struct {
		name string
		file string
		b    []byte
		want string
	}{
		{"missing", trainImages, nil, "no file train-images-idx3-ubyte or"},
		{"empty", trainImages, []byte{}, "offset 0: want 4 bytes of the magic number, found 0"},
		{"short magic", trainLabels, []byte{0, 0}, "offset 0: want 4 bytes of the magic number, found 2"},
		{"text", trainLabels, []byte("labels, such as 7"), "offset 0: found 6c 61 62 65"},
		{"no such type", testImages, append([]byte{0, 0, 7, 1}, good...), "not an IDX file"},
		{"floats", testImages, append([]byte{0, 0, 13, 1}, good...), "offset 2: found elements of type float32, want uint8"},
		{"no dimensions", testImages, []byte{0, 0, 8, 0}, "offset 3: found 0 dimensions"},
		{"5 dimensions", testImages, []byte{0, 0, 8, 5}, "offset 3: found 5 dimensions, want 1 to 4"},
		{"short dimensions", trainImages, good[:9], "offset 4: want 12 bytes of the dimensions, found 5"},
		{"zero dimension", trainImages, idx(nil, 3, 0, 2), "offset 8: dimension 1 is 0"},
		{"over the limit", trainImages, idx(nil, 1<<16, 1<<14, 2), "offset 12: the dimensions up to 2 make over 1073741824 bytes"},
		{"far over the limit", trainImages, idx(nil, 1<<31, 1<<31, 1<<31), "offset 4: the dimensions up to 2147483648"},
		{"truncated", trainImages, good[:len(good)-1], "offset 16: want 6 bytes for dimensions [3 1 2], found 5: truncated"},
		{"oversized", trainImages, append(slices.Clone(good), 1, 2), "offset 22: want the end of the file after dimensions [3 1 2], found 2 more bytes"},
		{"gzip, truncated inside", trainImages, zip(good[:len(good)-1]), "offset 16: want 6 bytes of elements, found 5: truncated"},
		{"gzip, oversized", trainImages, zip(append(slices.Clone(good), 1)), "offset 22: want the end of the data, found more"},
		{"gzip, lying header", trainImages, zip(idx(nil, 1000, 1000, 1000)), "the compressed file can't hold more than"},
		{"gzip, header cut", trainImages, zip(good)[:5], "gzip header"},
		{"gzip, data cut", trainImages, zip(good)[:20], "truncated"},
		{"gzip, checksum cut", trainImages, zip(good)[:len(zip(good))-3], "offset 22: after the data: unexpected EOF"},
		{"gzip, wrong checksum", trainImages, flipped, "offset 22: after the data: gzip: invalid checksum"},
		{"gzip, garbage behind", trainImages, append(zip(good), "garbage"...), "offset 22: after the data"},
		{"flat images", trainImages, idx([]byte{1, 2, 3}, 3), "1 dimensions, want 3 or 4"},
		{"square labels", trainLabels, idx([]byte{1, 2, 3}, 3, 1), "2 dimensions, want 1"},
		{"fewer labels", trainLabels, idx([]byte{1, 2}, 2), "has 2 labels"},
		{"other images to test on", testImages, idx([]byte{1, 2}, 2, 1, 1), "t10k-images-idx3-ubyte of [1 1 1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := tiny()
			delete(files, c.file)
			if c.b != nil {
				files[c.file] = c.b
			}
			dir := folder(t, files)
			p, err := OpenIDX(dir)
			fails(t, c.name, err, c.want)
			if p != nil || !strings.HasPrefix(err.Error(), "datasets: ") || !strings.Contains(err.Error(), dir) {
				t.Errorf("%v, error %v: want one that names the folder", p, err)
			}
			if c.b != nil && !strings.Contains(err.Error(), c.file) {
				t.Errorf("error %v doesn't name the file", err)
			}
		})
	}
}

func TestOpenIDXNoFolder(t *testing.T) {
	_, err := OpenIDX(filepath.Join(t.TempDir(), "no"))
	fails(t, "no folder", err, "no file train-images")
	_, err = OpenIDXFS(fstest.MapFS{trainImages: {Mode: fs.ModeDir}})
	fails(t, "folder for a file", err, "not a regular file")
	_, err = OpenIDXFS(lockedFS{})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v, want no permission", err)
	}
}

type lockedFS struct{}

func (lockedFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

// A header that promises as much as the limit allows takes no more memory than its file can hold.
func TestLyingHeaderTakesNoMemory(t *testing.T) {
	for _, b := range [][]byte{idx(nil, 1<<15, 1<<15), zip(idx(nil, 1<<15, 1<<15)), zip(idx(make([]byte, 1<<20), 1<<15, 1<<15))} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := readIDX(bytes.NewReader(b), int64(len(b)))
		runtime.ReadMemStats(&after)
		fails(t, "lying", err, "want 1073741824 bytes")
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("took %d bytes for a file of %d", took, len(b))
		}
	}
}

// FuzzIDX: no file makes the reader panic, and what it takes is what the header says.
func FuzzIDX(f *testing.F) {
	for _, b := range tiny() {
		f.Add(b)
		f.Add(zip(b))
		f.Add(b[:len(b)-1])
	}
	f.Add(idx(nil, 1<<15, 1<<15))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := readIDX(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		n := 1
		for _, d := range file.dims {
			n *= d
		}
		if n != len(file.data) || n < 1 || n > maxInflate*len(b) {
			t.Errorf("dimensions %v, %d bytes of data, %d of the file", file.dims, len(file.data), len(b))
		}
	})
}
