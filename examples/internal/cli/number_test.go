package cli

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestInt(t *testing.T) {
	for _, c := range []struct {
		arg   string
		least int
		most  int
		want  string // the value, or the error
	}{
		{"7", 1, 9, "7"},
		{"1", 1, 9, "1"},
		{"9", 1, 9, "9"},
		{"0", 1, 9, `invalid value "0" for flag -eggs: want a whole number from 1 to 9`},
		{"10", 1, 9, `invalid value "10" for flag -eggs: want a whole number from 1 to 9`},
		{"-1", 0, math.MaxInt32, `invalid value "-1" for flag -eggs: want a whole number from 0 to 2147483647`},
		{"4000000000", 0, math.MaxInt32, `invalid value "4000000000" for flag -eggs: want a whole number from 0 to 2147483647`},
		{"1e3", 1, 9, `invalid value "1e3" for flag -eggs: want a whole number from 1 to 9`},
		{"", 1, 9, `invalid value "" for flag -eggs: want a whole number from 1 to 9`},
	} {
		eggs := 3
		f := Flags("cook")
		Int(f, &eggs, "eggs", c.least, c.most, "`eggs` in the cake")
		err := f.Parse([]string{"-eggs", c.arg})
		got := fmt.Sprint(eggs)
		if err != nil {
			got = err.Error()
			if eggs != 3 {
				t.Errorf("%q: error %v, and the value is %d", c.arg, err, eggs)
			}
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.arg, got, c.want)
		}
	}
}

func TestIntUsage(t *testing.T) {
	none, three := 0, 3
	f := Flags("cook")
	Int(f, &none, "salt", 0, 9, "`grams` of salt")
	Int(f, &three, "eggs", 0, 9, "`eggs` in the cake")
	var usage strings.Builder
	Usage(&usage, "", "", f)
	if want := "  -eggs eggs\n    \teggs in the cake (default 3)\n  -salt grams\n    \tgrams of salt\n"; !strings.HasSuffix(usage.String(), want) {
		t.Errorf("usage %q, want %q", usage.String(), want)
	}
}

func TestThreads(t *testing.T) {
	f := Flags("cook")
	threads := 0
	Threads(f, &threads)
	if threads < 1 {
		t.Errorf("%d threads unless told otherwise", threads)
	}
	if err := f.Parse([]string{"-threads", "0"}); err == nil {
		t.Error("no threads: no error")
	}
}
