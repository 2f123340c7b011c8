package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli/clitest"
)

var command = clitest.Background(run)

func TestList(t *testing.T) {
	out := command.Output(t)
	for _, e := range experiments {
		if !strings.Contains(out, "  "+e.name+" ") || !strings.Contains(out, e.title) {
			t.Errorf("%s isn't listed", e.name)
		}
	}
}

func TestBadArguments(t *testing.T) {
	command.Refuses(t, 2, `lab: no experiment "momentun": want all, or some of variance, `, "momentun", "-out", "x")
	command.Refuses(t, 2, "lab: nowhere to write to: give -out DIR, -figures DIR or -json", "momentum")
	command.Refuses(t, 2, "lab: no experiment is named: want all, or some", "-quick", "-out", "x")
	command.Refuses(t, 2, "lab: -out is empty", "momentum", "-out", "")
	command.Refuses(t, 2, "lab: -resume without -out", "momentum", "-json", "-resume")
	command.Refuses(t, 1, "no/such/file", "cosine-time", "-json", "-data", "no/such/file")
	command.Refuses(t, 1, "main.go", "cosine-time", "-out", "main.go/x")
	command.Refuses(t, 1, "no/such/file", "variance-reduction", "-quick", "-json", "-data", "no/such/file")
	command.Refuses(t, 1, "main.go", "variance-reduction", "-quick", "-json", "-data", "main.go")
}

func TestHelp(t *testing.T) { command.Helps(t, "-quick", "-figures", "worked-example") }

// TestCommand runs one experiment in full, through to files and JSON.
func TestCommand(t *testing.T) {
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	args := []string{"-json", "cosine-time", "-out", filepath.Join(dir, "page"), "-figures", filepath.Join(dir, "figures")}
	if code := run(context.Background(), args, &stdout, &stderr); code != 0 {
		t.Fatalf("code %d: %s", code, &stderr)
	}
	var r result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Name != "cosine-time" || r.Findings[0].Verdict != notBorne || float64(r.Findings[0].Value.Mean) != 0.5 && math.Abs(float64(r.Findings[0].Value.Mean)-0.5) > 1e-4 {
		t.Errorf("%+v", r.Findings[0])
	}
	if len(r.Figures) > 0 {
		t.Error("JSON has figures")
	}
	for _, want := range []string{"[1/1] cosine-time: ", "not borne out", filepath.Join("page", "index.html") + " shows 1 of "} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("no %q in %q", want, stderr.String())
		}
	}
	for _, file := range []string{"page/index.html", "page/cosine-time.json", "figures/cosine-time.svg"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		if len(text) < 1000 {
			t.Errorf("%s has %d bytes", file, len(text))
		}
	}
}

// TestResume holds that a result is used again only by the same program with the same settings.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	l := &lab{ctx: context.Background(), scale: tiny, note: func(string) {}}
	r, err := conduct(l, cosineTime)
	if err != nil {
		t.Fatal(err)
	}
	r.Seconds = 12345
	if err := r.keep(dir); err != nil {
		t.Fatal(err)
	}
	kept := recall(l, dir, r.Name)
	if kept == nil || kept.Seconds != 12345 || kept.Figures[0] != r.Figures[0] || len(kept.Findings) != len(r.Findings) {
		t.Fatalf("%+v", kept)
	}
	for k, f := range r.Findings {
		if kept.Findings[k] != f {
			t.Errorf("kept %+v of %+v", kept.Findings[k], f)
		}
	}
	if recall(&lab{scale: full}, dir, r.Name) != nil {
		t.Error("a tiny result stands for a full one")
	}
	if recall(&lab{scale: tiny, data: "x"}, dir, r.Name) != nil {
		t.Error("a result stands for one of other data")
	}
	if recall(l, dir, "momentum") != nil {
		t.Error("a result from nowhere")
	}
	r.Provenance.Program = "another"
	if err := r.keep(dir); err != nil {
		t.Fatal(err)
	}
	if recall(l, dir, r.Name) != nil {
		t.Error("the result of another program is used")
	}
	if err := os.WriteFile(path(dir, r.Name), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if recall(l, dir, r.Name) != nil {
		t.Error("half a file is used")
	}
}

// TestInterruption holds that what is finished outlasts an interruption, and that -resume goes on from it.
func TestInterruption(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ends := experiment{name: "momentum", title: "ends", about: "ends", measure: func(l *lab, _ *report) error {
		stop()
		return l.say("stopped")
	}}
	s := &settings{out: dir, resume: true}
	var stdout, stderr bytes.Buffer
	err := s.each(&lab{ctx: ctx, scale: tiny}, []experiment{cosineTime, ends}, &stdout, &stderr)
	if err == nil || !strings.Contains(err.Error(), "1 of 2 experiments are finished and kept: -resume goes on") {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || !strings.Contains(string(page), `id="cosine-time"`) {
		t.Fatalf("%v, %d bytes", err, len(page))
	}
	stderr.Reset()
	if err := s.each(&lab{ctx: context.Background(), scale: tiny}, []experiment{cosineTime}, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stderr.String(), "kept from before") {
		t.Errorf("%q", stderr.String())
	}
}

// TestPageKeepsEarlierResults holds that the page shows what is in the folder of the same settings, and not of others.
func TestPageKeepsEarlierResults(t *testing.T) {
	dir := t.TempDir()
	s := &settings{out: dir}
	for _, c := range []struct {
		scale   scale
		e       experiment
		want    []string
		wantNot string
	}{
		{tiny, cosineTime, []string{"cosine-time"}, "worked-example"},
		{tiny, worked, []string{"worked-example", "cosine-time"}, "momentum"},
		{full, cosineTime, []string{"cosine-time"}, "worked-example"},
	} {
		if err := s.each(&lab{ctx: t.Context(), scale: c.scale}, []experiment{c.e}, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(filepath.Join(dir, pageName))
		if err != nil {
			t.Fatal(err)
		}
		last := -1
		for _, name := range c.want {
			at := bytes.Index(page, []byte(`id="`+name+`"`))
			if at <= last {
				t.Errorf("after %s, %v: %s at %d of the page, after %d", c.e.name, c.scale, name, at, last)
			}
			last = at
		}
		if bytes.Contains(page, []byte(`id="`+c.wantNot+`"`)) {
			t.Errorf("after %s, %v: %s is on the page", c.e.name, c.scale, c.wantNot)
		}
	}
}

func TestSummary(t *testing.T) {
	for want, r := range map[string]*result{
		"2.0 s, 1 borne out, 2 undecided": {Seconds: 2, Findings: []finding{{Verdict: undecided}, {Verdict: borneOut}, {Verdict: undecided}}},
		"2.0 s, 1 claims measured":        {Seconds: 2, Findings: []finding{{Verdict: unjudged}}},
	} {
		if got := summary(r, false); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{{"seed 1, η 0.1", 80, "seed 1, η 0.1"}, {"η 0.1", 5, "η 0.1"}, {"η 0.1", 3, "η 0"}} {
		if got := cut(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}
