package datasets

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// goldenFiles is testdata/files.json.
type goldenFiles struct {
	LIBSVM []struct {
		Text      string
		ZeroBased bool
		X, Y      []float64
		Cols      int
	}
	Numbers []struct {
		Text, Decimal, Thousands string
		Value                    float64
	}
	Tables []struct {
		Text, Comma string
		X           []float64
		Labels      []string
	}
	Scaled []struct {
		N                         int
		X, Mean, Std, Scale, Want []float64
	}
	Sizes []struct {
		Shape         []int
		Height, Width int
		Want          []int
	}
}

func readGoldenFiles(t *testing.T) (g goldenFiles) {
	t.Helper()
	text, err := os.ReadFile("testdata/files.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// rune1 is the one rune of a text, 0 for none.
func rune1(text string) rune {
	if text == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func TestLIBSVMAgainstScikitLearn(t *testing.T) {
	for i, c := range readGoldenFiles(t).LIBSVM {
		s, err := LIBSVM{ZeroBased: c.ZeroBased}.Read(strings.NewReader(c.Text))
		if err != nil {
			t.Errorf("text %d: %v", i, err)
			continue
		}
		x := make([]float64, s.X.Rows*s.X.Cols)
		for r := range s.X.Rows {
			col, val := s.X.Row(r)
			for k := range col {
				x[r*s.X.Cols+int(col[k])] = val[k]
			}
		}
		if s.X.Cols != c.Cols || !slices.Equal(x, c.X) || !slices.Equal(s.Y, c.Y) {
			t.Errorf("text %d: %d columns %v of %v, want %d %v of %v", i, s.X.Cols, x, s.Y, c.Cols, c.X, c.Y)
		}
	}
}

func TestNumbersAgainstPython(t *testing.T) {
	for _, c := range readGoldenFiles(t).Numbers {
		n := numberFormat{rune1(c.Decimal), rune1(c.Thousands)}
		if x, err := n.number(c.Text); err != nil || x != c.Value {
			t.Errorf("%q with %q and %q: %v, want %v (%v)", c.Text, c.Decimal, c.Thousands, x, c.Value, err)
		}
	}
}

func TestCSVAgainstPython(t *testing.T) {
	for _, c := range readGoldenFiles(t).Tables {
		settings := DefaultCSV
		settings.Comma = rune1(c.Comma)
		table, err := ReadCSV(strings.NewReader(c.Text), settings)
		if err != nil {
			t.Errorf("%q: %v", c.Comma, err)
			continue
		}
		b := read(table, count(table.Len()), 0)
		for i, x := range b.X {
			if x != float32(c.X[i]) {
				t.Errorf("%q: value %d is %v, want %v", c.Comma, i, x, c.X[i])
			}
		}
		for i, label := range b.Labels {
			if got := table.ClassNames()[label]; got != c.Labels[i] {
				t.Errorf("%q: class %q, want %q", c.Comma, got, c.Labels[i])
			}
		}
	}
}

// TestNormalizeAgainstScikitLearn compares with StandardScaler, which divides by 1 where a column has one value.
func TestNormalizeAgainstScikitLearn(t *testing.T) {
	for _, c := range readGoldenFiles(t).Scaled {
		x := make([]float32, len(c.X))
		for i := range x {
			x[i] = float32(c.X[i])
		}
		d := must(NewRegression([]int{4}, x, make([]float32, c.N), 1))
		mean, std, err := Statistics(d)
		if err != nil {
			t.Fatal(err)
		}
		for i := range mean {
			if math.Abs(mean[i]-c.Mean[i]) > 1e-12*math.Abs(c.Mean[i]) || math.Abs(std[i]-c.Std[i]) > 1e-12*c.Std[i]+1e-16 {
				t.Errorf("%d examples, column %d: %v, %v, want %v, %v", c.N, i, mean[i], std[i], c.Mean[i], c.Std[i])
			}
			if std[i] == 0 {
				std[i] = 1
			}
			if math.Abs(std[i]-c.Scale[i]) > 1e-12*c.Scale[i] {
				t.Errorf("%d examples, column %d: scale %v, want %v", c.N, i, std[i], c.Scale[i])
			}
		}
		for i, y := range read(must(Augment(d, 0, Normalize(mean, std))), count(c.N), 0).X {
			if math.Abs(float64(y)-c.Want[i]) > 1e-6*math.Abs(c.Want[i])+1e-12 {
				t.Errorf("%d examples, value %d: %v, want %v", c.N, i, y, c.Want[i])
			}
		}
	}
}

func TestScaleAgainstPillow(t *testing.T) {
	for _, c := range readGoldenFiles(t).Sizes {
		m := pictures(1, c.Shape...)
		for i, p := range scale(m.pixels, c.Shape[0], c.Shape[1], c.Shape[2], c.Height, c.Width) {
			if int(p) != c.Want[i] {
				t.Errorf("%v to %s: byte %d is %d, want %d", c.Shape, sizeOf(c.Height, c.Width), i, p, c.Want[i])
			}
		}
	}
}
