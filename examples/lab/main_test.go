package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), nil, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("code %d: %s", code, &stderr)
	}
	for _, e := range experiments {
		if !strings.Contains(stdout.String(), "  "+e.name+" ") || !strings.Contains(stdout.String(), e.title) {
			t.Errorf("%s isn't listed", e.name)
		}
	}
}

func TestBadArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"momentun", "-out", "x"}, 2, `lab: no experiment "momentun": want all, or some of variance, `},
		{[]string{"momentum"}, 2, "lab: nowhere to write to: give -out DIR, -figures DIR or -json"},
		{[]string{"momentum", "-json", "-resume"}, 2, "lab: -resume without -out"},
		{[]string{"momentum", "-json", "-threads", "0"}, 2, "lab: -threads 0, want at least 1"},
		{[]string{"-nosuch"}, 2, "lab: flag provided but not defined: -nosuch"},
		{[]string{"cosine-time", "-out", "main.go/x"}, 1, "main.go"},
		{[]string{"variance-reduction", "-quick", "-json", "-data", "no/such/file"}, 1, "no/such/file"},
		{[]string{"variance-reduction", "-quick", "-json", "-data", "main.go"}, 1, "main.go"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), c.args, &stdout, &stderr)
		if code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.args, code, stderr.String(), c.code, c.want)
		}
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"-h"}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
	for _, want := range []string{"-quick", "-figures", "worked-example"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in %q", want, stdout.String())
		}
	}
}

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
	if !strings.Contains(stderr.String(), "[1/1] cosine-time: ") || !strings.Contains(stderr.String(), "not borne out") {
		t.Errorf("%q", stderr.String())
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
