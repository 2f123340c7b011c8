package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"lenet", "-batch", "3", "logreg", "mlp", "-seconds", "0"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	want := regexp.MustCompile(`^lenet 3 \d+\.\d{3} \d+ \w+ (\d+|-)\nlogreg 3 \d+\.\d{3} \d+ \w+ (\d+|-)\nmlp 3 \d+\.\d{3} \d+ \w+ (\d+|-)\n$`)
	if !want.MatchString(stdout.String()) {
		t.Errorf("got %q", stdout.String())
	}
}

// TestParameters holds the models against those of the other systems that they are compared with.
func TestParameters(t *testing.T) {
	want := map[string]int{"logreg": 7850, "mlp": 669706, "lenet": 431080, "resnet9": 6573130}
	for _, n := range networks {
		run, err := n.open(2)
		if err != nil {
			t.Fatal(err)
		}
		if got := run.Weights().Count(); got != want[n.name] {
			t.Errorf("%s has %d parameters, want %d", n.name, got, want[n.name])
		}
		first, err := run.Next()
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			if _, err := run.Next(); err != nil {
				t.Fatal(err)
			}
		}
		if last, err := run.Next(); err != nil || !(last.Loss < first.Loss) {
			t.Errorf("%s: loss %v at first, then %v (error %v)", n.name, first.Loss, last.Loss, err)
		}
	}
}

func TestBadFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"vgg"}, `bench: unknown model "vgg": want logreg, mlp, lenet or resnet9`},
		{[]string{"mlp", "-batch", "0"}, "bench: -batch 0, want 1 to 65536"},
		{[]string{"mlp", "-batch", "2000000000"}, "bench: -batch 2000000000, want 1 to 65536"},
		{[]string{"-batch", "x"}, `bench: invalid value "x" for flag -batch`},
		{[]string{"-threads", "0"}, "bench: -threads 0, want at least 1"},
		{[]string{"-seconds", "-1"}, "bench: -seconds -1, want 0 to"},
		{[]string{"-seconds", "NaN"}, "bench: -seconds NaN, want 0 to"},
		{[]string{"mlp", "-nosuch"}, "bench: flag provided but not defined: -nosuch"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(c.args, &stdout, &stderr); code != 2 || !strings.HasPrefix(stderr.String(), c.want) {
			t.Errorf("%v: exit code %d and %q, want %q", c.args, code, stderr.String(), c.want)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-h"}, &stdout, &stderr); code != 0 || !strings.Contains(stdout.String(), "-batch") {
		t.Errorf("-h: exit code %d, %q", code, stdout.String())
	}
}
