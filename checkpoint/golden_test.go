package checkpoint

import (
	"bytes"
	"math"
	"os"
	"reflect"
	"testing"
)

// The golden files come from testdata/gen.py, which knows the format only by its description.

func TestReadsForeignFile(t *testing.T) {
	f, err := Load("testdata/foreign.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	negativeZero := math.Float32frombits(1 << 31)
	want := []Array{
		{"dense.w", []int{2, 3}, []float32{0, negativeZero, 1.5, -2.25, float32(math.Inf(1)), math.SmallestNonzeroFloat32}},
		{"dense.b", []int{3}, []float64{1.0 / 3, -1e308, math.SmallestNonzeroFloat64}},
		{"step", []int{}, []int64{math.MinInt64}},
		{"empty", []int{0, 4}, []float32{}},
	}
	if len(f.Arrays) != len(want)+1 {
		t.Fatalf("%d arrays, want %d", len(f.Arrays), len(want)+1)
	}
	for i, w := range want {
		if !reflect.DeepEqual(f.Arrays[i], w) {
			t.Errorf("array %d is %v, want %v", i, f.Arrays[i], w)
		}
	}
	if x := f.Arrays[0].Data.([]float32)[1]; !math.Signbit(float64(x)) {
		t.Error("the sign of -0 is lost")
	}
	nan, ok := f.Find(`größe "η"`)
	if x, isF32 := nan.Data.([]float32); !ok || !isF32 || len(x) != 1 || x[0] == x[0] {
		t.Errorf("array %q is %v, want one NaN", nan.Name, nan.Data)
	}
	if m := (map[string]string{"made by": "gen.py", "η": "0.1 < 0.2 & \"so\" on\n"}); !reflect.DeepEqual(f.Meta, m) {
		t.Errorf("text is %q, want %q", f.Meta, m)
	}
}

func TestWritesGoldenBytes(t *testing.T) {
	want, err := os.ReadFile("testdata/ours.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = Write(&b, []Array{
		{"w", []int{3}, []float32{1, 2, -3.5}},
		{"seed", []int{2}, []int64{1, -1}},
		{"mµ", []int{1, 2}, []float64{0.1, 1e300}},
		{"rate", nil, []float32{0.05}},
	}, map[string]string{"b": "η", "a": "1"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("got\n%q\nwant\n%q", b.Bytes(), want)
	}
}
