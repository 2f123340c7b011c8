package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
)

// result is what came of an experiment, with all that the page shows of it.
type result struct {
	Name       string     `json:"name"`
	Title      string     `json:"title"`
	About      string     `json:"about"`
	Verdict    verdict    `json:"verdict"`
	Findings   []finding  `json:"findings"`
	Tables     []table    `json:"tables,omitempty"`
	Settings   []setting  `json:"settings,omitempty"`
	Command    string     `json:"command"`
	Scale      string     `json:"scale"`
	Seconds    float64    `json:"seconds"`
	Provenance provenance `json:"provenance"`
	Figures    []drawing  `json:"figures,omitempty"`
}

// drawing is a figure as SVG.
type drawing struct {
	Name    string `json:"name"`
	Caption string `json:"caption"`
	SVG     string `json:"svg"`
}

// conduct does an experiment.
func conduct(l *lab, e experiment) (*result, error) {
	start := time.Now()
	var r report
	if err := e.measure(l, &r); err != nil {
		return nil, errors.Wrap(err, e.name)
	}
	done := &result{
		Name: e.name, Title: e.title, About: e.about, Findings: r.findings, Tables: r.tables, Settings: r.settings,
		Command: l.command(e.name), Scale: l.scale.String(), Seconds: time.Since(start).Seconds(), Provenance: provenanceOf(l),
	}
	for i, f := range done.Findings {
		done.Findings[i].Verdict = unjudged
		if l.scale == full {
			done.Findings[i].Verdict = judge(f.Value, f.Want)
		}
	}
	done.Verdict = together(done.Findings)
	for _, f := range r.figures {
		svg, err := f.draw()
		if err != nil {
			return nil, errors.Wrapf(err, "%s: figure %s", e.name, f.name)
		}
		done.Figures = append(done.Figures, drawing{f.name, f.caption, svg})
	}
	return done, nil
}

// command is what to type for an experiment again.
func (l *lab) command(name string) string {
	c := "go run ./examples/lab " + name
	if l.scale == quick {
		c += " -quick"
	}
	if l.data != "" {
		c += " -data " + filepath.Base(l.data)
	}
	return c
}

// count is how many findings have a verdict.
func (r *result) count(v verdict) (n int) {
	for _, f := range r.Findings {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

// Counts are how many findings have each verdict, those that none has left out.
func (r *result) Counts() (counts []tally) {
	for _, v := range []verdict{borneOut, notBorne, undecided, unjudged} {
		if n := r.count(v); n > 0 {
			counts = append(counts, tally{v, n})
		}
	}
	return counts
}

// Open are the findings that were judged and not borne out.
func (r *result) Open() (open []finding) {
	for _, f := range r.Findings {
		if f.Verdict == notBorne || f.Verdict == undecided {
			open = append(open, f)
		}
	}
	return open
}

// tally is how many findings have a verdict.
type tally struct {
	Verdict verdict
	N       int
}

// path is where a result is kept in a folder.
func path(dir, name string) string { return filepath.Join(dir, name+".json") }

// keep writes a result into a folder.
func (r *result) keep(dir string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return errors.Wrapf(err, "result of %s", r.Name)
	}
	return cli.WriteFile(path(dir, r.Name), text)
}

// recall returns the result that a folder has of an experiment, or nil where it has none of the same program and
// settings.
func recall(l *lab, dir, name string) *result {
	text, err := os.ReadFile(path(dir, name))
	if err != nil {
		return nil
	}
	r := new(result)
	if json.Unmarshal(text, r) != nil || r.Name != name || r.Scale != l.scale.String() || r.Command != l.command(name) {
		return nil
	}
	if r.Provenance != provenanceOf(l) {
		return nil
	}
	return r
}
