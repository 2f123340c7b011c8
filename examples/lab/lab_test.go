package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// small are all experiments on the least of data.
var small = sync.OnceValues(func() (results []*result, err error) {
	for _, e := range experiments {
		r, err := conduct(&lab{ctx: context.Background(), scale: tiny, note: func(string) {}}, e)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
})

// TestExperiments holds that every experiment has what the page needs, and gives no verdict on little data.
func TestExperiments(t *testing.T) {
	results, err := small()
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]bool{}
	for _, r := range results {
		if len(r.Findings) == 0 || len(r.Figures) == 0 || len(r.Settings) == 0 || r.Title == "" || r.About == "" {
			t.Errorf("%s: %d findings, %d figures, %d settings", r.Name, len(r.Findings), len(r.Figures), len(r.Settings))
		}
		for _, f := range r.Findings {
			if f.Verdict != unjudged || f.Quantity == "" || !strings.HasSuffix(f.Claim, ".") || f.Value.N < 1 || f.Want.Low > f.Want.High {
				t.Errorf("%s: finding %+v", r.Name, f)
			}
		}
		for k, f := range r.Figures {
			if k == 0 && f.Name != r.Name {
				t.Errorf("%s: its first figure is %s", r.Name, f.Name)
			}
			if figures[f.Name] {
				t.Errorf("two figures %s", f.Name)
			}
			figures[f.Name] = true
			checkSVG(t, f.Name, f.SVG)
			checkSVG(t, f.Name, alone(f.SVG))
		}
	}
}

// checkSVG holds that a picture is XML of a moderate size with curves and without numbers that are none.
func checkSVG(t *testing.T, name, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	paths := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
			paths++
		}
	}
	if paths < 5 || len(svg) > 60<<10 || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("%s: %d paths in %d bytes, with a NaN: %t", name, paths, len(svg), strings.Contains(svg, "NaN"))
	}
}

// TestPage holds that the page needs nothing but itself, and shows everything.
func TestPage(t *testing.T) {
	results, err := small()
	if err != nil {
		t.Fatal(err)
	}
	page, err := compose(results)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), `xmlns="http://www.w3.org/2000/svg"`, "")
	for _, foreign := range []string{"http:", "https:", "<script", "src=", "<link", "@import", "url(", "<iframe", "ZgotmplZ", "%!"} {
		if strings.Contains(text, foreign) {
			t.Errorf("the page has %q", foreign)
		}
	}
	for _, r := range results {
		for _, want := range []string{`id="` + r.Name + `"`, r.Command} {
			if !strings.Contains(text, want) {
				t.Errorf("the page has no %q", want)
			}
		}
	}
	if n := strings.Count(text, "<svg"); n < len(results) {
		t.Errorf("%d figures for %d experiments", n, len(results))
	}
	if strings.Contains(text, " "+string(borneOut)+"</span>") {
		t.Error("a run on little data has verdicts")
	}
}

// TestDeterminism holds that the same seeds give the same findings, but for what is timed.
func TestDeterminism(t *testing.T) {
	for _, e := range []experiment{variance, worked, shuffling, nesterov} {
		var text [2]string
		for k := range text {
			r, err := conduct(&lab{ctx: context.Background(), scale: tiny, note: func(string) {}}, e)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				text[k] += f.Value.String() + "\n"
			}
			text[k] += r.Figures[0].SVG
		}
		if text[0] != text[1] {
			t.Errorf("%s differs from run to run", e.name)
		}
	}
}

// TestGuide holds that the pictures of the guide are figures that the lab draws.
func TestGuide(t *testing.T) {
	results, err := small()
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for _, r := range results {
		for _, f := range r.Figures {
			drawn[f.Name] = true
		}
	}
	pages, err := filepath.Glob("../../docs/guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\(figures/([^)]*)\.svg\)`).FindAllStringSubmatch(string(text), -1) {
			shown++
			if !drawn[m[1]] {
				t.Errorf("%s shows %s, which no experiment draws", page, m[1])
			}
		}
	}
	if shown == 0 {
		t.Error("no picture found in the guide")
	}
}

// TestStop holds that an interruption ends an experiment with the context's error.
func TestStop(t *testing.T) {
	for _, e := range experiments {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		if _, err := conduct(&lab{ctx: ctx, scale: tiny, note: func(string) {}}, e); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", e.name, err)
		}
	}
}

// TestTables holds that tables have as many cells in a row as in the header.
func TestTables(t *testing.T) {
	results, err := small()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		for _, tab := range r.Tables {
			for _, row := range tab.Rows {
				if len(row) != len(tab.Header) {
					t.Errorf("%s: %d cells under %d headers", r.Name, len(row), len(tab.Header))
				}
			}
		}
	}
}

// TestEmptyFigure holds that a figure without a point that can be shown is drawn all the same.
func TestEmptyFigure(t *testing.T) {
	nan := math.NaN()
	f := figure{name: "none", panels: []panel{
		{title: "a", logX: true, logY: true, series: []series{{name: "one", x: []float64{0, -1, nan}, y: []float64{1, 1, 1}}, {name: "two"}}},
		{title: "b", series: []series{{x: []float64{1, 2}, y: []float64{nan, math.Inf(1)}}}},
		{title: "c", logY: true, series: []series{{x: []float64{1}, y: []float64{2}, spread: []interval{over([]float64{2})}, dots: true}}},
	}}
	svg, err := f.draw()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix([]byte(svg), []byte("<svg ")) || strings.Contains(svg, "NaN") {
		t.Error(svg)
	}
}
