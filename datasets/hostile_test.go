package datasets

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/fallline/fallline/batch"
)

// utf16Of encodes text, with a mark or without.
func utf16Of(text string, mark, big bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var b []byte
	for _, c := range utf16.Encode([]rune(text)) {
		if big {
			b = append(b, byte(c>>8), byte(c))
		} else {
			b = append(b, byte(c), byte(c>>8))
		}
	}
	return string(b)
}

// bzip2Small is "1 1:2\n-1 1:3\n", compressed with bzip2.
const bzip2Small = "BZh91AY&SY\xd6\xb4,\xc0\x00\x00\x02\xd8\x00\x00\x10@\x028\x10 \x001\x0c\x00\x94\x1bQ\x14\xd1N!\xe2\xeeH\xa7\n\x12\x1a\xd6\x85\x98\x00"

// TestNotAnyText gives the readers of text files of other kinds by mistake.
func TestNotAnyText(t *testing.T) {
	wide := strings.Repeat("\x00", 40)
	for text, want := range map[string]string{
		"":                         "empty",
		"\ufeff":                   "",
		"\n\n\r\n":                 "no ",
		"\xfd7zXZ\x00\x00\x04":     "xz",
		"\x28\xb5\x2f\xfd\x04\x00": "Zstandard",
		"PK\x03\x04\x14\x00":       "a ZIP archive: unpack it first; an Excel workbook",
		"PAR1\x15\x04\x15" + wide:  "Parquet",
		"\x89HDF\r\n\x1a\n" + wide: "HDF5",
		"\x93NUMPY\x01\x00":        "NumPy",
		"\x80\x04\x95" + wide:      "pickle",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + wide: "Excel",
		"SQLite format 3\x00":                     "SQLite",
		"%PDF-1.7\n":                              "PDF",
		"<!DOCTYPE html>\n<html>":                 "HTML",
		"\ufeff\n <html lang=en>":                 "HTML",
		"<?xml version=\"1.0\"?>":                 "XML",
		`{"error": "not found"}`:                  "JSON",
		"\x89PNG\r\n\x1a\n" + wide:                "PNG",
		"\x7fELF\x02\x01" + wide:                  "a program",
		"version https://git-lfs.github.com/spec/v1\noid sha256:1\n": "Git LFS",
		"@relation iris\n@attribute x numeric\n@data\n1,a\n":         "ARFF",
		"% c\n@RELATION iris\n@attribute x numeric\n@data\n1,a\n":    "ARFF",
		"%%MatrixMarket matrix coordinate real general\n":            "Matrix Market",
		string(idx([]byte{1, 2}, 2)):                                 "IDX",
		"\xff\xfe\x00\x00x\x00\x00\x00":                              "UTF-32",
		string(zip([]byte("PK\x03\x04\x14\x00"))):                    "ZIP",
		string(zip(nil)): "empty",
		string(zip(append(make([]byte, 257), "ustar\x0000"...))): "tar",
		"label\x00x\n" + wide:           "no text",
		"\x1f\x8bnonsense":              "gzip",
		"BZh91AY&SYnonsense":            "bzip2",
		utf16Of("x", true, false) + "y": "UTF-16",
	} {
		_, err := ReadCSV(strings.NewReader(text), DefaultCSV)
		fails(t, "CSV: "+want, err, want)
		_, err = ReadLIBSVM(strings.NewReader(text))
		fails(t, "LIBSVM: "+want, err, want)
	}
	_, err := OpenCSV(t.TempDir(), DefaultCSV)
	fails(t, "folder", err, "is a folder")
	_, err = OpenLIBSVM(t.TempDir())
	fails(t, "folder", err, "is a folder")
}

// TestTextIsText: names of columns that are the marks of other kinds of file.
func TestTextIsText(t *testing.T) {
	for _, name := range []string{"PAR1", "ORC", "FEA1", "Obj", "GIF87a", "MZ", "BZh9", "RIFF", "sep"} {
		_, err := ReadCSV(strings.NewReader(name+",label\n1,a\n"), DefaultCSV)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHostileLIBSVM reads lines as they are found in the world.
func TestHostileLIBSVM(t *testing.T) {
	const plainText = "1 1:2 2:3\n-1 1:1\n"
	for _, c := range []struct {
		name, text string
		c          LIBSVM
		x          []float32 // dense rows
		y          []float64
	}{
		{"mark", "\ufeff" + plainText, LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"bzip2", bzip2Small, LIBSVM{}, []float32{2, 3}, []float64{1, -1}},
		{"gzip", string(zip([]byte(plainText))), LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"gzip twice", string(zip(zip([]byte(plainText)))), LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"UTF-16", utf16Of(plainText, true, false), LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"CR", "1 1:2 2:3\r-1 1:1\r", LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"CR LF", "1 1:2 2:3\r\n-1 1:1", LIBSVM{}, []float32{2, 3, 1, 0}, []float64{1, -1}},
		{"qid", "2 qid:1 1:2\n0 qid:1 2:1\n1 qid:2 1:1\n", LIBSVM{}, []float32{2, 0, 0, 1, 1, 0}, []float64{2, 0, 1}},
		{"zero-based", "1 0:2 4:3\n-1 1:1\n", LIBSVM{ZeroBased: true}, []float32{2, 0, 0, 0, 3, 0, 1, 0, 0, 0}, []float64{1, -1}},
		{"unordered", "1 3:1 1:2\n-1 2:1\n", LIBSVM{Unordered: true}, []float32{2, 0, 1, 0, 1, 0}, []float64{1, -1}},
		{"empty rows", "1\n-1\n", LIBSVM{Features: 2}, []float32{0, 0, 0, 0}, []float64{1, -1}},
		{"features", "1 1:1\n-1 2:1", LIBSVM{Features: 3}, []float32{1, 0, 0, 0, 1, 0}, []float64{1, -1}},
		{"space and comments", "\n# c\n \t1\t1:2   # c\n\n-1 2:-0\t\n\f\n", LIBSVM{}, []float32{2, 0, 0, 0}, []float64{1, -1}},
		{"spellings", "+1 1:1\n1.0 1:1\n01 1:1\n1e0 1:1\n-1.0 1:1\n-0 1:1\n0 1:1", LIBSVM{}, []float32{1, 1, 1, 1, 1, 1, 1}, []float64{1, 1, 1, 1, -1, 0, 0}},
	} {
		s, err := c.c.Read(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if b := read(s, count(s.Len()), 0); !slices.Equal(b.X, c.x) || !slices.Equal(s.Y, c.y) {
			t.Errorf("%s: %v of %v", c.name, b.X, s.Y)
		}
		if c.name == "spellings" && !slices.Equal(s.ClassNames(), []string{"-1", "0", "1"}) {
			t.Errorf("classes %q", s.ClassNames())
		}
	}
}

func TestBadLIBSVMLines(t *testing.T) {
	for _, c := range []struct {
		text string
		c    LIBSVM
		want string
	}{
		{"1 1:1\n1 1:1e39\n", LIBSVM{}, `line 2: value of index 1: "1e39" is not a finite number of float32`},
		{"-1e39 1:1\n", LIBSVM{}, `line 1: label: "-1e39" is not a finite number`},
		{"1 0:1\n", LIBSVM{}, `line 1: index "0" outside [1, 2147483647]: LIBSVM.ZeroBased is for files that count from 0`},
		{"1 -1:1\n", LIBSVM{ZeroBased: true}, `index "-1" outside [0, 2147483646]`},
		{"1 2147483647:1\n", LIBSVM{ZeroBased: true}, "outside [0, 2147483646]"},
		{"1 99999999999999999999:1\n", LIBSVM{}, "outside [1, "},
		{"1\n-1\n", LIBSVM{}, "no example has a value: LIBSVM.Features"},
		{"1 3:1 1:2\n", LIBSVM{}, "index 1 after 3: indices must ascend; LIBSVM.Unordered"},
		{"1 3:1 1:2 3:4\n", LIBSVM{Unordered: true}, "line 1: index 3 twice"},
		{"1 3:1 3:4\n", LIBSVM{Unordered: true}, "index 3 after 3"},
		{"1,2 1:1\n", LIBSVM{}, `label: "1,2" is several labels`},
		{"1:1 2:1\n", LIBSVM{}, `label: "1:1" is index:value, want the label first`},
		{"1 1:0x1p4\n", LIBSVM{}, `"0x1p4" is not a finite number`},
		{"1 1:1_0\n", LIBSVM{}, `"1_0" is not a finite number`},
		{"1 1:nan\n", LIBSVM{}, "not a finite number"},
		{"1 1:+Inf\n", LIBSVM{}, "not a finite number"},
		{"1 1:1 qid:3\n", LIBSVM{}, "a qid stands once"},
		{"1 qid:x 1:1\n", LIBSVM{}, `qid: "x" is not`},
		{"1 3:1\n", LIBSVM{Features: 2}, "line 1: index 3 outside [1, 2]: there are 2 features"},
		{"1 2:1\n", LIBSVM{Features: 2, ZeroBased: true}, "index 2 outside [0, 1]"},
		{"1 1:1\n", LIBSVM{Features: -1}, "-1 features"},
		{"1 1:1\n", LIBSVM{Task: 7}, "Task(7), want"},
		{"1 1:1\n", LIBSVM{Task: Regression, Classes: []string{"1"}}, "the task is regression"},
		{"1 1:1\n2 1:1\n", LIBSVM{Classes: []string{"1", "3"}}, `line 2: label: class "2" isn't among the 2 given: 1, 3`},
		{"1 1:1\n", LIBSVM{Classes: []string{"cat"}}, `"cat" is not a finite number`},
		{"1 1:1\n", LIBSVM{Classes: []string{"1", "1.0"}}, `class "1.0" twice`},
		{"1 1:1\n", LIBSVM{Classes: []string{"1"}, Like: must(Blobs(4, 1, 2, 1, 1))}, "both Classes and Like"},
	} {
		_, err := c.c.Read(strings.NewReader(c.text))
		fails(t, c.want, err, c.want)
		fails(t, c.want, err, "datasets: ")
	}
}

// TestSparseGreatIndex: a single index can't make a dense batch fill the memory.
func TestSparseGreatIndex(t *testing.T) {
	s := must(ReadLIBSVM(strings.NewReader("1 2147483647:1\n")))
	fails(t, "batch", s.Read(new(batch.Batch), []int32{0}, 0), "1 dense rows of 2147483647 columns")
}

// TestHostileCSV reads tables as they are found in the world. All but those that say otherwise hold 1.5 of class a and
// 2 of class b.
func TestHostileCSV(t *testing.T) {
	const text = "x,label\n1.5,a\n2,b\n"
	with := func(change func(*CSV)) CSV {
		c := DefaultCSV
		change(&c)
		return c
	}
	semicolons := with(func(c *CSV) { c.Comma, c.Decimal = ';', ',' })
	spaces := with(func(c *CSV) { c.Comma = ' ' })
	for _, c := range []struct {
		name, text string
		c          CSV
		x          []float32
		names      []string
	}{
		{"UTF-16 LE", utf16Of(text, true, false), DefaultCSV, nil, nil},
		{"UTF-16 BE", utf16Of(text, true, true), DefaultCSV, nil, nil},
		{"UTF-16 LE without a mark", utf16Of(text, false, false), DefaultCSV, nil, nil},
		{"UTF-16 BE without a mark", utf16Of(text, false, true), DefaultCSV, nil, nil},
		{"pairs in UTF-16", utf16Of("x,label\n1.5,a\n2,😀\n", true, true), DefaultCSV, nil, []string{"a", "😀"}},
		{"CR", strings.ReplaceAll(text, "\n", "\r"), DefaultCSV, nil, nil},
		{"CR LF", strings.ReplaceAll(text, "\n", "\r\n"), DefaultCSV, nil, nil},
		{"mixed ends", "x,label\r1.5,a\r\n2,b", DefaultCSV, nil, nil},
		{"decimal comma", "x;label\n1,5;a\n2;b\n", semicolons, nil, nil},
		{"quoted decimal comma", "x,label\n\"1,5\",a\n2,b\n", with(func(c *CSV) { c.Decimal = ',' }), nil, nil},
		{"German thousands", "x;label\n-1.234.567,5;a\n2,0e1;b\n", with(func(c *CSV) { c.Comma, c.Decimal, c.Thousands = ';', ',', '.' }), []float32{-1234567.5, 20}, nil},
		{"English thousands", "x,label\n\"1,234.5\",a\n123,b\n", with(func(c *CSV) { c.Thousands = ',' }), []float32{1234.5, 123}, nil},
		{"French thousands", "x;label\n1\u202f234,5;a\n12\u00a0345;b\n", with(func(c *CSV) { c.Comma, c.Decimal, c.Thousands = ';', ',', ' ' }), []float32{1234.5, 12345}, nil},
		{"Swiss thousands", "x;label\n1'234.5;a\n2;b\n", with(func(c *CSV) { c.Comma, c.Thousands = ';', '\'' }), []float32{1234.5, 2}, nil},
		{"Excel's first line", "sep=;\nx;label\n1,5;a\n2;b\n", semicolons, nil, nil},
		{"runs of spaces", "  x   label\n1.5 \t a  \n\n2\tb", spaces, nil, nil},
		{"quotes among spaces", "x label\n1.5 \"a \"\"1\"\"\"\n2 \"b c\"\n", spaces, nil, []string{`a "1"`, "b c"}},
		{"Latin-1", "x,label\n1.5,caf\xe9\n2,\x80\n", with(func(c *CSV) { c.Latin1 = true }), nil, []string{"café", "€"}},
		{"Latin-1 left out", "x,n\xf6,label\n1.5,\xff,a\n2,\xfe,b\n", with(func(c *CSV) { c.Latin1, c.Leave = true, []string{"nö"} }), nil, nil},
		{"spellings", "x,label\n1,1\n2,1.0\n3,01\n4, +1\n5,1e0\n6,2\n", DefaultCSV, []float32{1, 2, 3, 4, 5, 6}, []string{"1", "2"}},
		{"one spelling", "x,label\n1.5,01\n2,10\n", DefaultCSV, nil, []string{"01", "10"}},
		{"great numbers", "x,label\n1.5,9007199254740993\n2,9007199254740992\n", DefaultCSV, nil, []string{"9007199254740992", "9007199254740993"}},
		{"fractions", "x,label\n1.5,2.5\n2,-3\n", DefaultCSV, nil, []string{"-3", "2.5"}},
		{"rows left out", "x,label\n1.5,a\n?,c\n,c\nNA,c\n7,\n7,?\n2,b\n", with(func(c *CSV) { c.Missing = LeaveOut }), nil, nil},
		{"a number in their place", "x,label\nNaN,a\n2,b\n", with(func(c *CSV) { c.Missing = FillIn(1.5) }), nil, nil},
		{"a mark of one's own", "x,label\n1.5,a\n-999.0,a\n2,b\n", with(func(c *CSV) { c.Missing, c.Marks = LeaveOut, []string{"-999"} }), nil, nil},
		{"signs as classes", "x,label\n1.5,+\n2,-\n", DefaultCSV, nil, []string{"+", "-"}},
		{"NA as a class", "x,label\n1.5,EU\n2,NA\n", with(func(c *CSV) { c.Classes = []string{"EU", "NA"} }), nil, []string{"EU", "NA"}},
		{"row numbers", ",x,label\n0,1.5,a\n1,2,b\n", with(func(c *CSV) { c.Leave = []string{""} }), nil, nil},
		{"quoted lines", "x,label\n1.5,\"a\nz\"\n2,b\n", DefaultCSV, nil, []string{"a\nz", "b"}},
		{"two columns to leave", "y,x,y,label\nq,1.5,,a\n,2,,b\n", with(func(c *CSV) { c.Leave = []string{"y"} }), nil, nil},
		{"gzip", string(zip([]byte(text))), DefaultCSV, nil, nil},
		{"lines of spaces", "  \nx,label\n1.5,a\n \t \n2,b\n   ", DefaultCSV, nil, nil},
		{"lines of scripts that join letters", "x,label\n1.5,a\n2,می\u200cروم\n", DefaultCSV, nil, []string{"a", "می\u200cروم"}},
	} {
		table, err := ReadCSV(strings.NewReader(c.text), c.c)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.x == nil {
			c.x = []float32{1.5, 2}
		}
		if c.names == nil {
			c.names = []string{"a", "b"}
		}
		b := read(table, count(table.Len()), 0)
		if !slices.Equal(b.X, c.x) || !slices.Equal(table.ClassNames(), c.names) {
			t.Errorf("%s: %v, classes %q", c.name, b.X, table.ClassNames())
		}
	}
	left := must(ReadCSV(strings.NewReader("x,y,label\n1,,a\n,,b\n3,4,b\n"), with(func(c *CSV) { c.Missing = LeaveOut })))
	filled := must(ReadCSV(strings.NewReader("x,y,label\n1,,a\n,,b\n3,4,b\n"), with(func(c *CSV) { c.Missing = FillIn(0) })))
	if left.LeftOut() != 2 || left.Filled() != 0 || left.Classes() != 1 || filled.LeftOut() != 0 || filled.Filled() != 3 {
		t.Errorf("%d and %d left out, %d and %d filled in, %d classes", left.LeftOut(), filled.LeftOut(), left.Filled(), filled.Filled(), left.Classes())
	}
}

func TestHostileCSVRefused(t *testing.T) {
	with := func(change func(*CSV)) CSV {
		c := DefaultCSV
		change(&c)
		return c
	}
	for _, c := range []struct {
		text string
		c    CSV
		want string
	}{
		{"x,label\n1,a\n?,b\n", DefaultCSV, `line 3, column "x": "?" is not a finite number: where a value is missing, CSV.Missing`},
		{"x,label\n1,a\n2,\n", DefaultCSV, `line 3, column "label": an empty text for the class`},
		{"x,label\n1,a\n2,NA\n", DefaultCSV, `line 3, column "label": class NA reads like a missing value`},
		{"x,label\n1,\n", with(func(c *CSV) { c.Missing = FillIn(0) }), "an empty text for the class"},
		{"x,label\n?,a\n", with(func(c *CSV) { c.Missing = LeaveOut }), "all 1 rows lack a value"},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Missing = FillIn(1e39) }), "FillIn(1e+39), want a finite"},
		{"x,y\n1,NA\n", CSV{Comma: ',', Header: true, Targets: []string{"y"}, Missing: FillIn(0)}, `column "y": "NA" is not a finite number`},
		{"x;label\n1,5;a\n", with(func(c *CSV) { c.Comma = ';' }), `"1,5" is not a finite number: CSV.Decimal`},
		{"x,label\n\"1,23\",a\n", with(func(c *CSV) { c.Thousands = ',' }), `"1,23" is not a finite number`},
		{"x,label\n\"1,,234\",a\n", with(func(c *CSV) { c.Thousands = ',' }), "is not a finite number"},
		{"x,label\n\"1234,567\",a\n", with(func(c *CSV) { c.Thousands = ',' }), "is not a finite number"},
		{"x,label\n\",234\",a\n", with(func(c *CSV) { c.Thousands = ',' }), "is not a finite number"},
		{"x;label\n1.5;a\n", with(func(c *CSV) { c.Comma, c.Decimal = ';', ',' }), `"1.5" is not a finite number`},
		{"x,label\n0x10,a\n", DefaultCSV, `"0x10" is not a finite number`},
		{"x,label\n1_000,a\n", DefaultCSV, `"1_000" is not a finite number`},
		{"x,label\nInfinity,a\n", DefaultCSV, `"Infinity" is not a finite number`},
		{"x;label\n1;a\n", DefaultCSV, `no column "label" among 1: x;label; the columns may be set apart by ';'`},
		{"x label\n1  a\n", DefaultCSV, `set apart by ' '`},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Decimal, c.Thousands = ',', ',' }), "both ','"},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Decimal = '7' }), "CSV.Decimal is '7'"},
		{"sep=;\nx;label\n1;a\n", DefaultCSV, `line 1: "sep=;", but CSV.Comma is ','`},
		{"sep=,\nx,label\n?,a\n", DefaultCSV, `line 3, column "x"`},
		{"sep=,\nx,label\n\"?,a\n", DefaultCSV, "line 3"},
		{"x,label\n1,caf\xe9\n", DefaultCSV, `line 2, column "label": class "caf\xe9" is not UTF-8: CSV.Latin1`},
		{"n\xf6,label\n1,a\n", DefaultCSV, "column 0 of the header"},
		{",x,label\n0,1,a\n", DefaultCSV, "column 0 has no name"},
		{"x,label\n0,1,a\n", DefaultCSV, "wrong number of fields: 3, the first line has 2: a header without a name for the row names"},
		{"x label\n1\n", with(func(c *CSV) { c.Comma = ' ' }), "record on line 2: wrong number of fields: 1"},
		{"x label\n1 \"a\n", with(func(c *CSV) { c.Comma = ' ' }), "line 2: a double quote without"},
		{"x label\n1 \"a\"b\n", with(func(c *CSV) { c.Comma = ' ' }), `line 2: "b" after a double quote`},
		{"x,y\n1,a\n", CSV{Comma: ',', Label: "1"}, `line 1, column "0": "x" is not a finite number: CSV.Header`},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Leave = []string{"z"} }), `no column "z"`},
		{"x,z,label\n1,1,a\n", with(func(c *CSV) { c.Leave = []string{"z", "z"} }), `column "z" is called twice`},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Classes = []string{""} }), "class 0: an empty text"},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Classes = []string{"1", "01"} }), `class "01" twice`},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Comma = 0 }), "CSV.Comma is 0, want"},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Comma = '"' }), `CSV.Comma is '"'`},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Comma = '\n' }), `CSV.Comma is '\n'`},
		{"x5label\n15a\n", with(func(c *CSV) { c.Comma = '5' }), "CSV.Comma is '5'"},
		{"x,label\n1,a\n", with(func(c *CSV) { c.Comma = -1 }), "CSV.Comma is"},
		{"x,label\n\"0,125\",a\n", with(func(c *CSV) { c.Thousands = ',' }), `"0,125" is not a finite number`},
		{"x,label\n\"-00,125\",a\n", with(func(c *CSV) { c.Thousands = ',' }), `"-00,125" is not a finite number`},
		{"label,x\na,1\n\ufeffa,2\n", DefaultCSV, `line 3, column "label": class "\ufeffa" has a character that can't be seen`},
		{"x,label\n" + strings.Repeat("1,a\n", 200) + "2,a\x00\n", DefaultCSV, `line 202, column "label": class "a\x00" has a character`},
		{"x,label\n1,a\u200b\n2,a\n", DefaultCSV, "can't be seen"},
		{"\ufeff\ufeffx,label\n1,a\n", DefaultCSV, "column 0 of the header: \"\\ufeffx\" has a character that can't be seen"},
	} {
		_, err := ReadCSV(strings.NewReader(c.text), c.c)
		fails(t, c.want, err, c.want)
		fails(t, c.want, err, "datasets: ")
	}
}

// TestBzip2File reads a file as the LIBSVM site has them.
func TestBzip2File(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.bz2")
	if err := os.WriteFile(path, []byte(bzip2Small), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := OpenLIBSVM(path); err != nil || s.Len() != 2 {
		t.Errorf("%v, %v", s, err)
	}
}

// TestDecoderPieces: how the bytes arrive makes no difference.
func TestDecoderPieces(t *testing.T) {
	text := strings.Repeat("1.5,a😀é\r\n2,b\r", 5000)
	want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for _, size := range []int{1, 2, 3, 7, 4096} {
		var got bytes.Buffer
		r := must(plainText(&trickle{text: utf16Of(text, true, size%2 == 0), size: size}, false))
		if _, err := got.ReadFrom(r); err != nil || got.String() != want {
			t.Errorf("pieces of %d: %d bytes, want %d, error %v", size, got.Len(), len(want), err)
		}
	}
}

// trickle gives a few bytes at a time.
type trickle struct {
	text string
	size int
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.size)], r.text)
	r.text = r.text[n:]
	return n, nil
}
