package main

import (
	"image/color"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colours that are to be told apart on a light ground and on a dark one. The first three are looked for by the style
// sheet of a figure.
var (
	ink     = color.NRGBA{0x1f, 0x24, 0x2a, 0xff}
	rule    = color.NRGBA{0xdd, 0xe1, 0xe6, 0xff}
	lawInk  = color.NRGBA{0x8a, 0x93, 0x9e, 0xff}
	palette = []color.NRGBA{
		{0x2b, 0x7b, 0xd6, 0xff}, {0xe0, 0x76, 0x0a, 0xff}, {0x24, 0x9a, 0x5b, 0xff}, {0xd8, 0x43, 0x4e, 0xff},
		{0x8c, 0x5f, 0xd3, 0xff}, {0x0f, 0x9a, 0xad, 0xff}, {0xa8, 0x6b, 0x3c, 0xff}, {0xcf, 0x5a, 0xa8, 0xff},
	}
	dashes = [][]vg.Length{nil, {4, 3}, {1.5, 2}, {8, 2, 2, 2}}
)

// look is how a series is drawn.
type look struct {
	line draw.LineStyle
	mark draw.GlyphStyle
}

// looks gives each name of a figure its own look.
func (f *figure) looks() map[string]look {
	looks := map[string]look{"": plain(0)}
	place, laws := 0, 0
	for _, name := range f.names() {
		if f.find(name).law {
			looks[name] = look{line: draw.LineStyle{Color: lawInk, Width: 1.2, Dashes: dashes[1+laws%(len(dashes)-1)]}}
			laws++
			continue
		}
		looks[name] = plain(place)
		place++
	}
	return looks
}

// plain is the look of the series at a place in the palette, with another dash each time the colours begin anew.
func plain(place int) look {
	c := palette[place%len(palette)]
	return look{
		line: draw.LineStyle{Color: c, Width: 1.6, Dashes: dashes[place/len(palette)%len(dashes)]},
		mark: draw.GlyphStyle{Color: c, Radius: 2.4, Shape: draw.CircleGlyph{}},
	}
}

// draw makes SVG of a figure.
func (f *figure) draw() (string, error) {
	width, height := 4.0*vg.Inch, 2.9*vg.Inch
	if len(f.panels) == 1 {
		width = 5.6 * vg.Inch
	}
	looks := f.looks()
	key := newLegend(f, looks, width*vg.Length(len(f.panels)))
	canvas := vgsvg.New(width*vg.Length(len(f.panels)), height+key.height())
	area := draw.New(canvas)
	row := make([]*plot.Plot, len(f.panels))
	for i := range f.panels {
		var err error
		if row[i], err = f.panels[i].chart(looks); err != nil {
			return "", err
		}
	}
	const margin = 18 // left of each panel, for the name of its y axis
	tiles := draw.Tiles{Rows: 1, Cols: len(row), PadX: 12 + margin, PadTop: 22, PadRight: 12, PadLeft: margin}
	charts := draw.Crop(area, 0, 0, key.height(), 0)
	title := sans(11) // over the middle of the data, at the same height in all panels
	title.XAlign = draw.XCenter
	name := sans(10)
	name.XAlign, name.YAlign, name.Rotation = draw.XCenter, draw.YCenter, math.Pi/2
	areas := plot.Align([][]*plot.Plot{row}, tiles, charts)
	for i, chart := range row {
		chart.Draw(areas[0][i])
		data := chart.DataCanvas(areas[0][i])
		area.FillText(title, vg.Point{X: (data.Min.X + data.Max.X) / 2, Y: data.Max.Y + 8}, f.panels[i].title)
		area.FillText(name, vg.Point{X: areas[0][i].Min.X - margin/2, Y: (data.Min.Y + data.Max.Y) / 2}, f.panels[i].y)
	}
	key.draw(area)
	return tidy(canvas, f)
}

// chart makes the plot of a panel.
func (p *panel) chart(looks map[string]look) (*plot.Plot, error) {
	c := plot.New()
	// that of y is drawn beside the panel: a plot leaves too much room for it above a logarithmic axis
	c.X.Label.Text = p.x
	c.BackgroundColor = nil
	for style, size := range map[*text.Style]vg.Length{
		&c.X.Label.TextStyle: 10, &c.X.Tick.Label: 9, &c.Y.Tick.Label: 9,
	} {
		style.Font, style.Color = sans(size).Font, ink
	}
	for _, axis := range []*plot.Axis{&c.X, &c.Y} {
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = lawInk, lawInk
		axis.Padding = 3
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = rule, rule
	c.Add(grid)
	for _, s := range p.series {
		if err := p.plot(c, s, looks[s.name]); err != nil {
			return nil, errors.Wrapf(err, "curve %q", s.name)
		}
	}
	p.scale(c)
	return c, nil
}

// plot adds a series to a chart.
func (p *panel) plot(c *plot.Plot, s series, l look) error {
	var xy plotter.XYs
	var bars struct {
		plotter.XYs
		plotter.YErrors
	}
	for _, i := range p.plotted(s) {
		xy = append(xy, plotter.XY{X: s.x[i], Y: s.y[i]})
		if s.spread != nil && !math.IsInf(float64(s.spread[i].Low), 0) {
			low, high := float64(s.spread[i].Low), float64(s.spread[i].High)
			if p.logY && low <= 0 {
				low = s.y[i]
			}
			bars.XYs = append(bars.XYs, xy[len(xy)-1])
			bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{s.y[i] - low, high - s.y[i]})
		}
	}
	if len(xy) == 0 {
		return nil
	}
	if len(bars.XYs) > 0 {
		e, err := plotter.NewYErrorBars(bars)
		if err != nil {
			return err
		}
		e.LineStyle, e.CapWidth = draw.LineStyle{Color: l.line.Color, Width: 1}, 5
		c.Add(e)
	}
	if !s.alone {
		line, err := plotter.NewLine(xy)
		if err != nil {
			return err
		}
		line.LineStyle = l.line
		c.Add(line)
	}
	if s.dots || s.alone {
		marks, err := plotter.NewScatter(xy)
		if err != nil {
			return err
		}
		marks.GlyphStyle = l.mark
		c.Add(marks)
	}
	return nil
}
