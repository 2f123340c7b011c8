package cli

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args string
		want string // the words and the dish, or the error
	}{
		{"", " soup"},
		{"-dish cake", " cake"},
		{"a b", "a,b soup"},
		{"a -dish cake b", "a,b cake"},
		{"-dish cake a -hot b", "a,b cake"},
		{"a -- -b", "a,-b soup"},
		{"-dish=", "-dish is empty"},
		{"-dish= a", "-dish is empty"},
		{"-cold", "flag provided but not defined: -cold"},
		{"a -dish", "flag needs an argument: -dish"},
	} {
		f := Flags("cook")
		dish := f.String("dish", "soup", "")
		f.Bool("hot", false, "")
		f.Func("spice", "", func(string) error { return nil })
		words, err := Parse(f, strings.Fields(c.args))
		got := fmt.Sprint(err)
		if err == nil {
			got = strings.Join(words, ",") + " " + *dish
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.args, got, c.want)
		}
	}
}

func TestParseFlags(t *testing.T) {
	for args, want := range map[string]string{"": "<nil>", "-hot": "<nil>", "-hot soup": `unexpected argument "soup": all settings are flags`} {
		f := Flags("cook")
		f.Bool("hot", false, "")
		if err := ParseFlags(f, strings.Fields(args)); fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", args, err, want)
		}
	}
}
