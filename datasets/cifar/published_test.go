package cifar

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// sheets is where CIFAR-10 may lie beside the repository as sheets of 100 by 100 images in PNG, without loss.
const sheets = "../../../shared/data/cifar-10-png"

// The published test images, made from their sheet again, come out as they are on the sheet.
func TestPublishedImages(t *testing.T) {
	if testing.Short() {
		t.Skip("not tested: CIFAR-10's test images, which take a second")
	}
	labels, err := os.ReadFile(filepath.Join(sheets, "test_batch.labels"))
	if os.IsNotExist(err) {
		t.Skipf("not tested: CIFAR-10's test images, there is no folder %s", sheets)
	}
	if err != nil {
		t.Fatal(err)
	}
	sheet := readSheet(t, filepath.Join(sheets, "test_batch.png"))
	dir := t.TempDir()
	file := planar(sheet, labels)
	if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != sum10Test {
		t.Fatalf("the sheet makes a file of SHA-256 %x, published is %s", sum, sum10Test)
	}
	if err := os.WriteFile(filepath.Join(dir, "test_batch.bin"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	test, err := ten.form.read(dir, ten.test, ten.perTest)
	if err != nil {
		t.Fatal(err)
	}
	perClass := make([]int, test.Classes())
	for i := range test.Len() {
		if test.Label(i) != int(labels[i]) {
			t.Fatalf("image %d has label %d, want %d", i, test.Label(i), labels[i])
		}
		perClass[test.Label(i)]++
		for k, p := range test.Pixels(i) {
			if want := onSheet(sheet, i, k/Channels/Side, k/Channels%Side, k%Channels); p != want {
				t.Fatalf("image %d has %d at %d, want %d", i, p, k, want)
			}
		}
	}
	for c, n := range perClass {
		if n != 1000 {
			t.Errorf("%d images of class %s, want 1000", n, Names10()[c])
		}
	}
	// As others state them, to four places.
	wantMean, wantStd := []float64{0.4942, 0.4851, 0.4504}, []float64{0.2467, 0.2429, 0.2616}
	mean, std := test.Moments()
	for c := range mean {
		if math.Abs(mean[c]-wantMean[c]) > 5e-5 || math.Abs(std[c]-wantStd[c]) > 5e-5 {
			t.Errorf("channel %d: mean %.4f, deviation %.4f, want %v, %v", c, mean[c], std[c], wantMean[c], wantStd[c])
		}
	}
}

func readSheet(t *testing.T, path string) *image.RGBA {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	opaque, ok := sheet.(*image.RGBA)
	if !ok {
		t.Fatalf("%s is of type %T, want RGB without alpha", path, sheet)
	}
	return opaque
}

// onSheet is a value of an image of a sheet.
func onSheet(sheet *image.RGBA, i, y, x, c int) uint8 {
	return sheet.Pix[sheet.PixOffset(i%100*Side+x, i/100*Side+y)+c]
}

// planar makes the records of a sheet's images.
func planar(sheet *image.RGBA, labels []byte) []byte {
	b := make([]byte, 0, len(labels)*(1+Channels*plane))
	for i, label := range labels {
		b = append(b, label)
		for c := range Channels {
			for k := range plane {
				b = append(b, onSheet(sheet, i, k/Side, k%Side, c))
			}
		}
	}
	return b
}
