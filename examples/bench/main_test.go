package main

import (
	"regexp"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli/clitest"
)

var command = clitest.Command(run)

func TestLines(t *testing.T) {
	out := command.Output(t, "lenet", "-batch", "3", "logreg", "mlp", "-seconds", "0")
	want := regexp.MustCompile(`^lenet 3 \d+\.\d{3} \d+ \w+ (\d+|-)\nlogreg 3 \d+\.\d{3} \d+ \w+ (\d+|-)\nmlp 3 \d+\.\d{3} \d+ \w+ (\d+|-)\n$`)
	if !want.MatchString(out) {
		t.Errorf("got %q", out)
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
	command.Refuses(t, 2, `bench: unknown model "vgg": want logreg, mlp, lenet or resnet9`, "vgg")
	command.Refuses(t, 2, `bench: invalid value "0" for flag -batch: want a whole number from 1 to 65536`, "mlp", "-batch", "0")
	command.Refuses(t, 2, `bench: invalid value "2000000000" for flag -batch: want a whole number from 1 to 65536`, "mlp", "-batch", "2000000000")
	command.Refuses(t, 2, `bench: invalid value "x" for flag -batch`, "-batch", "x")
	command.Refuses(t, 2, "bench: -seconds -1, want 0 to", "-seconds", "-1")
	command.Refuses(t, 2, "bench: -seconds NaN, want 0 to", "-seconds", "NaN")
	command.Refuses(t, 2, "bench: flag provided but not defined: -nosuch", "mlp", "-nosuch")
}

func TestHelp(t *testing.T) { command.Helps(t, "-batch") }
