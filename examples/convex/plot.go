package main

import (
	"bytes"
	"fmt"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/fallline/fallline/examples/internal/cli"
)

// drawCurves writes a picture of the curves, the gap on a logarithmic scale against passes and against seconds, side by
// side.
func drawCurves(path string, p *problem, curves []curve) error {
	start, err := p.objective(p.exact.NewVector())
	if err != nil {
		return errors.WithMessage(err, "plot")
	}
	axes := []struct {
		name string
		of   func(point) float64
	}{
		{"passes over the data", func(a point) float64 { return a.Passes }},
		{"seconds", func(a point) float64 { return a.Seconds }},
	}
	const width, height = 11 * vg.Inch, 4.5 * vg.Inch
	canvas := vgsvg.New(width, height)
	tiles := draw.Tiles{Rows: 1, Cols: len(axes), PadX: vg.Inch / 4, PadTop: vg.Inch / 8, PadRight: vg.Inch / 8}
	plots := [][]*plot.Plot{make([]*plot.Plot, len(axes))}
	for i, axis := range axes {
		chart := plot.New()
		chart.Title.Text = fmt.Sprintf("n %d, d %d, λ %.2g", p.n, p.d, p.lambda)
		chart.X.Label.Text, chart.Y.Label.Text = axis.name, "F − F*"
		if err := addCurves(chart, curves, axis.of, off*(start-p.best)); err != nil {
			return err
		}
		plots[0][i] = chart
	}
	areas := plot.Align(plots, tiles, draw.New(canvas))
	for i, chart := range plots[0] {
		chart.Draw(areas[0][i])
	}
	var picture bytes.Buffer
	if _, err := canvas.WriteTo(&picture); err != nil {
		return errors.Wrap(err, "plot")
	}
	return errors.WithMessage(cli.WriteFile(path, picture.Bytes()), "plot")
}

// off is the multiple of the gap at the start above which a curve isn't followed: it diverges.
const off = 1000

// addCurves draws the curves over an axis, as far as their gaps aren't above most.
func addCurves(chart *plot.Plot, curves []curve, axis func(point) float64, most float64) error {
	chart.Add(plotter.NewGrid())
	for k, c := range curves {
		xy := c.line(axis, most)
		if len(xy) == 0 {
			continue
		}
		line, err := plotter.NewLine(xy)
		if err != nil {
			return errors.Wrapf(err, "plot of %s", c.Solver)
		}
		line.Color, line.Dashes = plotutil.DarkColors[k%len(plotutil.DarkColors)], plotutil.Dashes(k)
		chart.Add(line)
		chart.Legend.Add(c.Solver, line)
	}
	if chart.X.Min > chart.X.Max {
		return errors.New("plot: nothing to draw, since all diverged within their first pass")
	}
	chart.Legend.Top = true
	chart.X.Max += (chart.X.Max - chart.X.Min) / 4 // room for the legend
	chart.Y.Scale, chart.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: 1}
	if chart.Y.Min == chart.Y.Max { // which plot would widen by one, to below zero
		chart.Y.Min, chart.Y.Max = chart.Y.Min/10, 10*chart.Y.Max
	}
	return nil
}

// line is the curve over an axis, up to a gap above most. A gap at or below the rounding of F, which a logarithm can't
// show, is drawn at that.
func (c *curve) line(axis func(point) float64, most float64) (xy plotter.XYs) {
	const rounding = 1e-16
	for _, a := range c.Points {
		if a.Gap > most {
			break
		}
		xy = append(xy, plotter.XY{X: axis(a), Y: max(a.Gap, rounding)})
	}
	return xy
}
