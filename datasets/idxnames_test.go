package datasets

import (
	"encoding/binary"
	"slices"
	"testing"
)

// emnist is a folder of the letters as the case has them: labels from 1, images of two by two.
func emnist(set string) map[string][]byte {
	return map[string][]byte{
		set + "-train-images-idx3-ubyte.gz": zip(idx([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 4)),
		set + "-train-labels-idx1-ubyte.gz": zip(idx([]byte{1, 3}, 2)),
		set + "-test-images-idx3-ubyte.gz":  zip(idx([]byte{9, 10, 11, 12}, 1, 1, 4)),
		set + "-test-labels-idx1-ubyte.gz":  zip(idx([]byte{2}, 1)),
	}
}

// int32s is an IDX file of such elements.
func int32s(values []int32, dims ...uint32) []byte {
	b := idx(nil, dims...)
	b[2] = typeInt32
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func TestEMNIST(t *testing.T) {
	two := emnist("emnist-letters")
	for name, b := range emnist("emnist-balanced") {
		two[name] = b
	}
	two["._emnist-digits-train-images-idx3-ubyte.gz"] = nil
	qmnist := map[string][]byte{
		"qmnist-train-images-idx3-ubyte": idx([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 4),
		"qmnist-train-labels-idx2-int":   int32s([]int32{1, 9, 9, 3, 9, 9}, 2, 3),
		"qmnist-test-images-idx3-ubyte":  idx([]byte{9, 10, 11, 12}, 1, 1, 4),
		"qmnist-test-labels-idx2-int":    int32s([]int32{2, 9, 9}, 1, 3),
	}
	for name, c := range map[string]struct {
		files  map[string][]byte
		c      IDX
		names  []string
		labels []int
	}{
		"as it is":        {emnist("emnist-letters"), IDX{}, []string{"0", "1", "2", "3"}, []int{1, 3, 2}},
		"letters":         {emnist("emnist-letters"), IDX{FirstLabel: 1}, []string{"1", "2", "3"}, []int{0, 2, 1}},
		"named":           {emnist("emnist-letters"), IDX{FirstLabel: 1, Classes: []string{"A", "B", "C", "D"}}, []string{"A", "B", "C", "D"}, []int{0, 2, 1}},
		"one of two":      {two, IDX{Name: "emnist-letters", FirstLabel: 1}, []string{"1", "2", "3"}, []int{0, 2, 1}},
		"upper case":      {emnist("EMNIST-Letters"), IDX{}, []string{"0", "1", "2", "3"}, []int{1, 3, 2}},
		"like numbers":    {emnist("x"), IDX{Like: must(must(NewImages([]int{1, 4}, make([]uint8, 16), []int{0, 1, 2, 3}, 4)).Named("3", "2", "1", "7"))}, []string{"3", "2", "1", "7"}, []int{2, 0, 1}},
		"int32 in QMNIST": {qmnist, IDX{}, []string{"0", "1", "2", "3"}, []int{1, 3, 2}},
	} {
		p, err := c.c.Open(folder(t, c.files))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		labels := []int{p.Train.Label(0), p.Train.Label(1), p.Test.Label(0)}
		if !slices.Equal(ClassNames(p.Train), c.names) || !slices.Equal(ClassNames(p.Test), c.names) || !slices.Equal(labels, c.labels) {
			t.Errorf("%s: classes %q, labels %v", name, ClassNames(p.Test), labels)
		}
	}
	for _, c := range []struct {
		files map[string][]byte
		c     IDX
		want  string
	}{
		{two, IDX{}, `2 sets in`},
		{two, IDX{}, `IDX.Name says which of ["emnist-balanced" "emnist-letters"]`},
		{two, IDX{Name: "emnist-digits"}, "no file emnist-digits-train-images-idx3-ubyte or"},
		{emnist("x"), IDX{FirstLabel: 2}, "x-train-labels-idx1-ubyte.gz: label 1 of image 0 isn't among the 2 classes: 2, 3"},
		{emnist("x"), IDX{FirstLabel: 9}, "label 1 of image 0 isn't among the 0 classes"},
		{emnist("x"), IDX{FirstLabel: -1}, "a first label of -1"},
		{emnist("x"), IDX{FirstLabel: 1, Classes: []string{"A", "B"}}, "x-train-labels-idx1-ubyte.gz: label 3 of image 1 outside [1, 2], the labels of 2 classes"},
		{emnist("x"), IDX{Like: pictures(7, 1, 2, 1)}, "images of shape [1 4 1], the training set of [1 2 1]"},
		{emnist("x"), IDX{Like: must(Quadratic(3, 1, 1, 1, 1, 1))}, "the training set is a regression"},
	} {
		_, err := c.c.Open(folder(t, c.files))
		fails(t, c.want, err, c.want)
	}
}

func TestTransposed(t *testing.T) {
	files := tiny()
	files[trainImages] = idx([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0, 0, 0}, 3, 2, 3)
	files[testImages] = idx(make([]byte, 12), 2, 2, 3)
	p := must(IDX{Transposed: true}.Open(folder(t, files)))
	if !slices.Equal(p.Train.Shape(), []int{3, 2, 1}) || !slices.Equal(p.Train.Pixels(0), []byte{1, 4, 2, 5, 3, 6}) || !slices.Equal(p.Train.Pixels(1), []byte{7, 10, 8, 11, 9, 12}) {
		t.Errorf("shape %v, images %v, %v", p.Train.Shape(), p.Train.Pixels(0), p.Train.Pixels(1))
	}
	files[trainImages] = idx([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 1, 2, 2)
	files[testImages] = idx(make([]byte, 8), 2, 1, 2, 2)
	p = must(IDX{Transposed: true}.Open(folder(t, files)))
	if !slices.Equal(p.Train.Shape(), []int{2, 1, 2}) || !slices.Equal(p.Train.Pixels(0), []byte{1, 2, 3, 4}) {
		t.Errorf("shape %v, image %v", p.Train.Shape(), p.Train.Pixels(0))
	}
}

// TestNotIDX: files of other kinds in the place of IDX files.
func TestNotIDX(t *testing.T) {
	for text, want := range map[string]string{
		"<!DOCTYPE html><html>":                        "an HTML page",
		"PK\x03\x04\x00\x00\x00\x00":                   "a ZIP archive",
		"version https://git-lfs.github.com/spec/v1\n": "Git LFS",
		"\xfd7zXZ\x00":                                 "compressed with xz",
		"":                                             "found 0: truncated",
		"\x1f\x8b\x08\x00":                             "gzip header",
		string(int32s([]int32{1}, 1)):                  "offset 2: found elements of type int32, want uint8",
	} {
		files := tiny()
		files[trainImages] = []byte(text)
		_, err := OpenIDX(folder(t, files))
		fails(t, want, err, want)
	}
	files := tiny()
	files[trainLabels] = int32s([]int32{0, 1, 5000}, 3)
	_, err := OpenIDX(folder(t, files))
	fails(t, "label", err, "label 5000 of image 2 outside [0, 1024)")
	files[trainLabels] = int32s([]int32{0, -1, 5}, 3)
	_, err = OpenIDX(folder(t, files))
	fails(t, "label", err, "label -1 of image 1")
}
