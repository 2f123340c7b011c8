package mnist

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// The sums are published with the set by its other distributors.
func TestFilesAreThePublishedOnes(t *testing.T) {
	for name, want := range map[string]string{
		"train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
		"train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
		"t10k-images-idx3-ubyte.gz":  "9fb629c4189551a2d022fa330f9573f3",
		"t10k-labels-idx1-ubyte.gz":  "ec29112dd5afa0611ce80d1b7f02629c",
	} {
		b, err := files.ReadFile("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := md5.Sum(b); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has MD5 %x, want %s", name, sum, want)
		}
	}
}

func TestLoad(t *testing.T) {
	digits, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if digits.Train.Len() != 60_000 || digits.Test.Len() != 10_000 || digits.Train.Classes() != 10 || !slices.Equal(digits.Train.Shape(), []int{28, 28, 1}) {
		t.Fatalf("%d and %d images of %v in %d classes", digits.Train.Len(), digits.Test.Len(), digits.Train.Shape(), digits.Train.Classes())
	}
	// How often each digit is there, as published.
	for _, c := range []struct {
		label func(int) int
		n     int
		want  [10]int
	}{
		{digits.Train.Label, 60_000, [10]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{digits.Test.Label, 10_000, [10]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		var have [10]int
		for i := range c.n {
			have[c.label(i)]++
		}
		if have != c.want {
			t.Errorf("digits %v, want %v", have, c.want)
		}
	}
	// The mean and deviation that everybody normalises with.
	mean, std := digits.Train.Moments()
	if math.Abs(mean[0]-0.1307) > 5e-5 || math.Abs(std[0]-0.3081) > 5e-5 {
		t.Errorf("mean %v, deviation %v, want 0.1307 and 0.3081", mean, std)
	}
}

func TestOpen(t *testing.T) {
	digits, err := Open("data")
	if err != nil {
		t.Fatal(err)
	}
	if digits.Train.Label(0) != 5 || digits.Test.Label(0) != 7 {
		t.Errorf("first labels %d and %d, want 5 and 7", digits.Train.Label(0), digits.Test.Label(0))
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no file") {
		t.Errorf("error %v, want a missing file", err)
	}
}

func ExampleLoad() {
	digits, err := Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(digits.Train.Len(), digits.Test.Len(), digits.Train.Shape())
	for row := 6; row < 28; row += 2 {
		for _, p := range digits.Test.Pixels(0)[28*row+6 : 28*row+24] {
			fmt.Printf("%c", ".-+o#"[int(p)*5/256])
		}
		fmt.Println()
	}
	// Output:
	// 60000 10000 [28 28 1]
	// ..................
	// ######ooooooooo-..
	// ......-.----.##+..
	// ............##-...
	// ..........-##-....
	// ..........##-.....
	// ........-##-......
	// .......o##........
	// ......##+.........
	// ....-###-.........
	// ....+##...........
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
