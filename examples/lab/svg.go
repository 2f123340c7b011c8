package main

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/pkg/errors"
	"gonum.org/v1/plot/vg/vgsvg"
)

var (
	head     = regexp.MustCompile(`(?s)^.*?<svg[^>]*?viewBox="([^"]*)"[^>]*>`)
	fontOf   = regexp.MustCompile(`font-family:[^;"]*;font-variant:[^;"]*;font-weight:[^;"]*;font-style:[^;"]*;`)
	comments = regexp.MustCompile(`(?s)<!--.*?-->`)
	spaces   = regexp.MustCompile(`\n\s*`)
)

// tidy makes of a canvas an element that stands in a page as it is: with one font for all text, without what a page
// doesn't need, and with a title for readers who don't see it.
func tidy(canvas *vgsvg.Canvas, f *figure) (string, error) {
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return "", errors.Wrap(err, "draw")
	}
	text := b.String()
	found := head.FindStringSubmatch(text)
	if found == nil {
		return "", errors.New("draw: no viewBox in the picture")
	}
	text = text[len(found[0]):]
	text = comments.ReplaceAllString(fontOf.ReplaceAllString(text, ""), "")
	text = spaces.ReplaceAllString(text, "\n")
	width, _ := canvas.Size()
	open := sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="%s" width="%.0f" role="img" font-family="Liberation Sans,Arial,Helvetica,sans-serif"><title>%s</title>`,
		found[1], width.Points()*4/3, html.EscapeString(f.caption))
	return open + "\n" + strings.TrimSpace(text) + "\n", nil
}

// night are the colours of ink and grid on a dark ground. A style in an element gives way to important ones alone.
const night = `[style*="#1F242A"]{fill:#e6e9ed!important}[style*="stroke:#DDE1E6"]{stroke:#39414a!important}`

// alone is a figure as a file: with a ground of its own, which is dark where the reader's is.
func alone(svg string) string {
	style := `<style>.ground{fill:#fff}@media(prefers-color-scheme:dark){.ground{fill:#14181d}` + night + `}</style><rect class="ground" fill="#fff" width="100%" height="100%"/>`
	at := strings.Index(svg, "</title>") + len("</title>")
	return svg[:at] + style + svg[at:]
}
