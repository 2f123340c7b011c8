package datasets

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

func TestReadLIBSVM(t *testing.T) {
	s, err := ReadLIBSVM(strings.NewReader("+1 1:0.5 3:-2e1 # a comment 4:7\n\n  -1\t2:1 \r\n+1"))
	if err != nil {
		t.Fatal(err)
	}
	want := CSR{Rows: 3, Cols: 3, Start: []int{0, 2, 3, 3}, Col: []int32{0, 2, 1}, Val: []float64{0.5, -20, 1}}
	if !reflect.DeepEqual(s.X, want) {
		t.Errorf("matrix %+v, want %+v", s.X, want)
	}
	if want := []float64{1, -1, 1}; !reflect.DeepEqual(s.Y, want) {
		t.Errorf("labels %v, want %v", s.Y, want)
	}
	if s.Classes() != 2 || s.Class(0) != 1 || s.Class(1) != 0 || !reflect.DeepEqual(s.Labels(), []float64{-1, 1}) {
		t.Errorf("classes %d: %v, of the examples %v", s.Classes(), s.Labels(), s.class)
	}
	if col, val := s.X.Row(1); len(col) != 1 || col[0] != 1 || val[0] != 1 {
		t.Errorf("row 1: columns %v values %v", col, val)
	}
}

func TestReadLIBSVMRegression(t *testing.T) {
	s, err := ReadLIBSVM(strings.NewReader("0.5 1:1\n2 1:2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Classes() != 0 || s.Labels() != nil || s.Outputs() != 1 {
		t.Errorf("fractional labels became %d classes", s.Classes())
	}
	var b batch.Batch
	if err := s.Read(&b, []int32{1}, 0); err != nil || len(b.Labels) != 0 || !reflect.DeepEqual(b.Targets, []float32{2}) {
		t.Errorf("labels %v, targets %v, error %v", b.Labels, b.Targets, err)
	}
}

func TestSparseRead(t *testing.T) {
	s, err := ReadLIBSVM(strings.NewReader("1 1:0.5 3:2\n-1 2:1\n"))
	if err != nil {
		t.Fatal(err)
	}
	b := batch.Batch{X: []float32{9, 9, 9, 9, 9, 9}, Targets: []float32{9}}
	if err := s.Read(&b, []int32{1, 0, 1}, 0); err != nil {
		t.Fatal(err)
	}
	if want := []float32{0, 1, 0, 0.5, 0, 2, 0, 1, 0}; !reflect.DeepEqual(b.X, want) {
		t.Errorf("rows %v, want %v", b.X, want)
	}
	if want := []int{0, 1, 0}; !reflect.DeepEqual(b.Labels, want) || len(b.Targets) != 0 {
		t.Errorf("labels %v and targets %v, want %v and none", b.Labels, b.Targets, want)
	}
	if err := s.Read(&b, []int32{2}, 0); err == nil {
		t.Error("example 2 of 2 was read")
	}
}

func TestReadLIBSVMBadInput(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "no examples"},
		{"comments alone", "# nothing\n\n", "no examples"},
		{"label", "1 1:1\none 1:1\n", `line 2: label: "one" is not a finite number`},
		{"label NaN", "nan 1:1\n", "line 1: label"},
		{"label infinite", "inf 1:1\n", "line 1: label"},
		{"no colon", "1 1\n", `line 1: "1" is not index:value`},
		{"index zero", "1 0:1\n", `line 1: index "0" outside [1, 2147483647]`},
		{"index negative", "1 -3:1\n", "line 1: index"},
		{"index too large", "1 2147483648:1\n", "line 1: index"},
		{"index no number", "1 x:1\n", `line 1: index "x" outside [1, 2147483647]`},
		{"index twice", "1 2:1 2:1\n", "line 1: index 2 after 2: indices must ascend"},
		{"index descending", "1 1:1\n1 3:1 2:1\n", "line 2: index 2 after 3"},
		{"value missing", "1 1:\n", "line 1: value of index 1"},
		{"value overflowing", "1 1:1e999\n", "line 1: value of index 1"},
		{"long garbage is cut", "1 " + strings.Repeat("x", 100000) + "\n", strings.Repeat("x", 40) + "..."},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadLIBSVM(strings.NewReader(c.text))
			if err == nil || !strings.HasPrefix(err.Error(), "datasets: ") || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one of datasets with %q", err, c.want)
			}
			if len(err.Error()) > 200 {
				t.Errorf("message of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestReadLIBSVMLongLine(t *testing.T) {
	var text strings.Builder
	text.WriteString("1")
	for i := 1; i <= 50000; i++ {
		text.WriteString(" ")
		text.WriteString(strconv.Itoa(i) + ":1")
	}
	s, err := ReadLIBSVM(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	if s.X.Cols != 50000 || len(s.X.Val) != 50000 {
		t.Errorf("%d columns, %d values", s.X.Cols, len(s.X.Val))
	}
}

func TestOpenLIBSVM(t *testing.T) {
	dir := t.TempDir()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte("1 1:2\n-1 2:3\n"))
	w.Close()
	good, cut, plain := filepath.Join(dir, "good.gz"), filepath.Join(dir, "cut.gz"), filepath.Join(dir, "plain.gz")
	for path, data := range map[string][]byte{good: z.Bytes(), cut: z.Bytes()[:z.Len()-9], plain: []byte("1 1:2\n")} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := OpenLIBSVM(good); err != nil || s.Len() != 2 {
		t.Errorf("good file: %v, %v", s, err)
	}
	for _, path := range []string{cut, plain, filepath.Join(dir, "missing")} {
		if _, err := OpenLIBSVM(path); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: error %v, want one that names the file", path, err)
		}
	}
}

func FuzzReadLIBSVM(f *testing.F) {
	for _, s := range []string{"", "1 1:1", "+1 1:0.5 3:-2e1 # c\n-1 2:1", "1 2:1 1:1", "x", "1 :1", "1 1:nan"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadLIBSVM(bytes.NewReader(data))
		if err != nil {
			return
		}
		if len(s.Y) != s.X.Rows || len(s.X.Start) != s.X.Rows+1 || s.X.Start[s.X.Rows] != len(s.X.Col) || len(s.X.Col) != len(s.X.Val) {
			t.Fatalf("inconsistent: %d labels, %d rows, starts %v, %d columns, %d values", len(s.Y), s.X.Rows, s.X.Start, len(s.X.Col), len(s.X.Val))
		}
	})
}
