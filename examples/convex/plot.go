package main

import (
	"bytes"
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/fallline/fallline/examples/internal/cli"
)

// drawCurves writes a picture of the curves, the gap on a logarithmic scale against passes and against seconds, side by side.
func drawCurves(path string, p *problem, curves []curve) error {
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
		chart.Y.Scale, chart.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: 1}
		chart.Legend.Top = true
		chart.Add(plotter.NewGrid())
		for k, c := range curves {
			line, err := plotter.NewLine(c.line(axis.of))
			if err != nil {
				return errors.Wrapf(err, "plot of %s", c.Solver)
			}
			line.Color, line.Dashes = plotutil.DarkColors[k%len(plotutil.DarkColors)], plotutil.Dashes(k)
			chart.Add(line)
			chart.Legend.Add(c.Solver, line)
		}
		chart.X.Max += (chart.X.Max - chart.X.Min) / 4 // room for the legend
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

// line is the curve over an axis. A gap at or below the rounding of F, which a logarithm can't show, is drawn at that.
func (c *curve) line(axis func(point) float64) plotter.XYs {
	const rounding = 1e-16
	var xy plotter.XYs
	for _, a := range c.Points {
		if !math.IsNaN(a.Gap) && !math.IsInf(a.Gap, 0) {
			xy = append(xy, plotter.XY{X: axis(a), Y: max(a.Gap, rounding)})
		}
	}
	return xy
}
