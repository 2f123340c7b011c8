package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/pkg/errors"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	// drawn here, its texts escaped by the canvas
	"svg":   func(d drawing) template.HTML { return template.HTML(d.SVG) },
	"night": func() template.CSS { return night },
	"class": func(v verdict) string {
		return map[verdict]string{borneOut: "yes", notBorne: "no", undecided: "open", unjudged: "none"}[v]
	},
	"cell": cell,
	"minutes": func(seconds float64) string {
		if seconds < 100 {
			return sprintf("%.1f s", seconds)
		}
		return sprintf("%.1f min", seconds/60)
	},
}).Parse(pageText))

// cell is the text of a table's cell, with the interval of a value below it.
func cell(text string) template.HTML {
	value, between, ok := strings.Cut(text, " [")
	value = template.HTMLEscapeString(value)
	if !ok {
		return template.HTML(value)
	}
	return template.HTML(value + `<br><span class="soft small between">[` + template.HTMLEscapeString(between) + `</span>`)
}

// compose makes the page of some results: one file that needs no other.
func compose(results []*result) ([]byte, error) {
	var b bytes.Buffer
	total, scale := 0.0, ""
	counts := map[verdict]int{}
	for _, r := range results {
		total += r.Seconds
		scale = r.Scale
		for _, v := range []verdict{borneOut, notBorne, undecided, unjudged} {
			counts[v] += r.count(v)
		}
	}
	err := pageTemplate.Execute(&b, map[string]any{
		"Results": results, "Seconds": total, "Scale": scale, "Of": len(experiments),
		"Yes": counts[borneOut], "No": counts[notBorne], "Open": counts[undecided], "None": counts[unjudged],
	})
	return b.Bytes(), errors.Wrap(err, "page")
}
