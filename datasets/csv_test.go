package datasets

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
)

func TestReadCSV(t *testing.T) {
	for _, c := range []struct {
		name    string
		c       CSV
		text    string
		shape   []int
		x       []float32
		labels  []int
		targets []float32
		classes []string
		columns []string
	}{
		{"classes by alphabet", DefaultCSV, "a,label,b\n1,dog,2\n3,cat,4.5\n\n-1e2,dog,0\n",
			[]int{2}, []float32{1, 2, 3, 4.5, -100, 0}, []int{1, 0, 1}, nil, []string{"cat", "dog"}, []string{"a", "b"}},
		{"classes by number", DefaultCSV, "label,a\n10,1\n-2,2\n9,3",
			[]int{1}, []float32{1, 2, 3}, []int{2, 0, 1}, nil, []string{"-2", "9", "10"}, []string{"a"}},
		{"space, quotes, mark", DefaultCSV, "\ufeff\"a\", label \r\n 1 , \"x, y\"\r\n 2, z \r\n",
			[]int{1}, []float32{1, 2}, []int{0, 1}, nil, []string{"x, y", "z"}, []string{"a"}},
		{"given classes", CSV{Comma: ',', Header: true, Label: "label", Classes: []string{"b", "a", "c"}}, "label,x\na,1\nb,2\n",
			[]int{1}, []float32{1, 2}, []int{1, 0}, nil, []string{"b", "a", "c"}, []string{"x"}},
		{"no header", CSV{Comma: ';', Label: "0", Shape: []int{1, 2, 1}}, "7;1;2\n5;3;4\n",
			[]int{1, 2, 1}, []float32{1, 2, 3, 4}, []int{1, 0}, nil, []string{"5", "7"}, []string{"1", "2"}},
		{"regression", CSV{Comma: '\t', Header: true, Targets: []string{"v", "u"}, Leave: []string{"name"}}, "u\tname\tx\tv\n1\tp\t2\t3\n4\t\t5\t6\n",
			[]int{1}, []float32{2, 5}, nil, []float32{3, 1, 6, 4}, nil, []string{"x"}},
	} {
		table, err := ReadCSV(strings.NewReader(c.text), c.c)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		b := read(table, count(table.Len()), 0)
		if !slices.Equal(table.Shape(), c.shape) || !slices.Equal(b.X, c.x) || !slices.Equal(b.Labels, c.labels) || !slices.Equal(b.Targets, c.targets) {
			t.Errorf("%s: shape %v, batch %v", c.name, table.Shape(), b)
		}
		if !slices.Equal(table.ClassNames(), c.classes) || !slices.Equal(table.Columns(), c.columns) || table.Classes() != len(c.classes) {
			t.Errorf("%s: classes %q of %d, columns %q", c.name, table.ClassNames(), table.Classes(), table.Columns())
		}
	}
}

func TestBadCSV(t *testing.T) {
	var many strings.Builder
	many.WriteString("x,label\n")
	for i := range maxClasses + 1 {
		fmt.Fprintf(&many, "1,%d\n", i)
	}
	for _, c := range []struct {
		c          CSV
		text, want string
	}{
		{DefaultCSV, "", "datasets: no lines"},
		{DefaultCSV, "label,x\n", "datasets: no examples"},
		{DefaultCSV, "x,y\n1,2\n", `datasets: no column "label" among 2: x, y`},
		{DefaultCSV, "x,label,label\n1,2,3\n", `more than one column "label"`},
		{DefaultCSV, "label\n1\n", "no columns of values"},
		{DefaultCSV, "label,x\na,1\nb\n", "record on line 3: wrong number of fields"},
		{DefaultCSV, "label,x\na,1\n\nb,one\n", `datasets: line 4, column "x": "one" is not a finite number`},
		{DefaultCSV, "label,x\na,\n", `line 2, column "x": "" is not a finite number`},
		{DefaultCSV, "label,x\na,NaN\n", `"NaN" is not a finite number`},
		{DefaultCSV, "label,x\na,1e39\n", `"1e39" is not a finite number`},
		{DefaultCSV, "label,x\na,\"1\n", `extraneous or missing " in quoted-field`},
		{DefaultCSV, many.String(), `line 1026, column "label": more than 1024 classes`},
		{CSV{Comma: ',', Header: true}, "x\n1\n", `label "" and targets [], want one of the two`},
		{CSV{Comma: ',', Header: true, Label: "a", Targets: []string{"b"}}, "a,b\n", "want one of the two"},
		{CSV{Comma: ',', Header: true, Label: "a", Leave: []string{"a"}}, "a,b\n1,2\n", `column "a" is called twice`},
		{CSV{Comma: ',', Header: true, Targets: []string{"b", "c"}}, "a,b\n1,2\n", `no column "c"`},
		{CSV{Comma: ',', Header: true, Targets: []string{"b"}}, "a,b\n1,2\n3,x\n", `line 3, column "b": "x"`},
		{CSV{Comma: ',', Header: true, Label: "a", Classes: []string{"p"}}, "a,b\np,2\nq,3\n", `line 3, column "a": class "q" isn't among the 1 given`},
		{CSV{Comma: ',', Header: true, Label: "a", Classes: []string{"p", "p"}}, "a,b\np,2\n", `class "p" twice`},
		{CSV{Comma: ',', Header: true, Label: "a", Shape: []int{2, 2}}, "a,b\np,2\n", "datasets: 1 columns of values don't make examples of shape [2 2]"},
		{CSV{Comma: ',', Header: true, Label: "a", Shape: []int{-1}}, "a,b\np,2\n", "shape [-1]"},
		{CSV{Comma: '\n', Header: true, Label: "a"}, "a,b\np,2\n", "CSV.Comma is "},
		{CSV{Header: true, Label: "a"}, "a,b\np,2\n", "CSV.Comma is "},
	} {
		_, err := ReadCSV(strings.NewReader(c.text), c.c)
		fails(t, c.want, err, c.want)
		fails(t, c.want, err, "datasets: ")
	}
}

func TestOpenCSV(t *testing.T) {
	dir, text := t.TempDir(), []byte("label,x\n1,2\n")
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"a.csv": text, "a.csv.gz": zipped.Bytes(), "bad.csv.gz": text, "bad.csv": []byte("label,x\n1,?\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a.csv", "a.csv.gz"} {
		table, err := OpenCSV(filepath.Join(dir, name), DefaultCSV)
		if err != nil || table.Len() != 1 {
			t.Errorf("%s: %v, %v", name, table, err)
		}
	}
	for name, want := range map[string]string{
		"gone.csv": "datasets: open ", "bad.csv.gz": "bad.csv.gz is not gzip", "bad.csv": filepath.Join(dir, "bad.csv") + `: line 2, column "x": "?"`,
	} {
		_, err := OpenCSV(filepath.Join(dir, name), DefaultCSV)
		fails(t, name, err, want)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("label,x\n1,2\n")
	f.Add("\ufefflabel,\"x\"\r\na,1e3\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadCSV(strings.NewReader(text), DefaultCSV)
		if (table == nil) == (err == nil) {
			t.Fatalf("%v, %v", table, err)
		}
		if err != nil {
			return
		}
		var b batch.Batch
		if err := table.Read(&b, count(table.Len()), 0); err != nil || len(b.X) != table.Len()*len(table.Columns()) {
			t.Errorf("%d values, error %v", len(b.X), err)
		}
	})
}
