package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestRefuse(t *testing.T) {
	usage := func(w io.Writer) { Usage(w, "Cooks.", "cook [flags]", flag.NewFlagSet("cook", flag.ContinueOnError)) }
	var stdout, stderr bytes.Buffer
	if code := Refuse("cook", flag.ErrHelp, usage, &stdout, &stderr); code != 0 || stdout.String() != "Cooks.\n\nusage: cook [flags]\n\n" || stderr.Len() > 0 {
		t.Errorf("help: exit code %d, %q, %q", code, stdout.String(), stderr.String())
	}
	stdout.Reset()
	code := Refuse("cook", errors.New("no salt"), usage, &stdout, &stderr)
	if code != 2 || stdout.Len() > 0 || stderr.String() != "cook: no salt\ncook -h lists all flags\n" {
		t.Errorf("a bad argument: exit code %d, %q, %q", code, stdout.String(), stderr.String())
	}
}

func TestEnd(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{nil, 0, ""},
		{errors.New("no salt"), 1, "cook: no salt\n"},
		{fmt.Errorf("soup: %w; half of it is there", context.Canceled), 1, "cook: soup: interrupted; half of it is there\n"},
	} {
		var stderr bytes.Buffer
		if code := End("cook", c.err, &stderr); code != c.code || stderr.String() != c.want {
			t.Errorf("%v: exit code %d, %q, want %d and %q", c.err, code, stderr.String(), c.code, c.want)
		}
	}
}

func TestChoice(t *testing.T) {
	dish := "soup"
	f := Flags("cook")
	Choice(f, &dish, "dish", "the dish", []string{"soup", "bread", "cake"})
	if err := f.Parse([]string{"-dish", "cake"}); err != nil || dish != "cake" {
		t.Errorf("dish %q, error %v", dish, err)
	}
	want := `invalid value "pie" for flag -dish: want soup, bread or cake`
	if err := f.Parse([]string{"-dish", "pie"}); err == nil || err.Error() != want || dish != "cake" {
		t.Errorf("dish %q, error %v, want %s", dish, err, want)
	}
	var usage strings.Builder
	Usage(&usage, "", "", f)
	if !strings.Contains(usage.String(), "the dish: soup, bread or cake (default soup)") {
		t.Errorf("usage %q", usage.String())
	}
}

func TestList(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := List(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
