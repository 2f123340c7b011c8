package main

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legend is the key to a figure's curves, in lines below the panels.
type legend struct {
	lines [][]entry
	style text.Style
}

type entry struct {
	name        string
	look        look
	line, marks bool
	width       vg.Length
}

const (
	sample  = 22 // length of the line in front of a name
	gap     = 6
	between = 16
	leading = 15
)

// newLegend lays the names of a figure out in lines of a width. A figure with one name has none.
func newLegend(f *figure, looks map[string]look, width vg.Length) *legend {
	l := &legend{style: sans(10)}
	l.style.YAlign = draw.YCenter
	names := f.names()
	if len(names) < 2 {
		return l
	}
	room := vg.Length(0)
	for _, name := range names {
		e := entry{name: name, look: looks[name]}
		for _, p := range f.panels {
			for _, s := range p.series {
				e.line = e.line || s.name == name && !s.alone
				e.marks = e.marks || s.name == name && (s.dots || s.alone)
			}
		}
		e.width = sample + gap + l.style.Width(name) + between
		if room < e.width {
			l.lines = append(l.lines, nil)
			room = width - 2*between
		}
		room -= e.width
		last := len(l.lines) - 1
		l.lines[last] = append(l.lines[last], e)
	}
	return l
}

// sans is the style of text of a size.
func sans(size vg.Length) text.Style {
	s := text.Style{Color: ink, Font: font.From(plot.DefaultFont, size), Handler: plot.DefaultTextHandler}
	s.Font.Variant = "Sans"
	return s
}

// height is that of all lines.
func (l *legend) height() vg.Length {
	if len(l.lines) == 0 {
		return 0
	}
	return vg.Length(len(l.lines)*leading) + 8
}

// draw draws the lines at the foot of a canvas.
func (l *legend) draw(c draw.Canvas) {
	for i, line := range l.lines {
		y := c.Min.Y + l.height() - vg.Length(i*leading) - 12
		width := vg.Length(-between)
		for _, e := range line {
			width += e.width
		}
		x := c.Min.X + (c.Max.X-c.Min.X-width)/2
		for _, e := range line {
			if e.line {
				c.StrokeLine2(e.look.line, x, y, x+sample, y)
			}
			if e.marks {
				c.DrawGlyph(e.look.mark, vg.Point{X: x + sample/2, Y: y})
			}
			c.FillText(l.style, vg.Point{X: x + sample + gap, Y: y}, e.name)
			x += e.width
		}
	}
}
