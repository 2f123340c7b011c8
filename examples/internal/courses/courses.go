// Package courses draws how the scheduled quantities of a training change over time, without training.
package courses

import (
	"bytes"
	"context"
	"image/color"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/schedules"
)

// Course is a quantity and its schedule.
type Course struct {
	Name     string
	Schedule schedules.Schedule
}

// Draw writes an SVG picture of all courses over a run, one below the other. The axis is in epochs where one of them or
// the batch counts in epochs, and else in iterations.
func Draw(ctx context.Context, path string, r Run, all ...Course) error {
	if !strings.EqualFold(filepath.Ext(path), ".svg") {
		return errors.Errorf("picture of the schedules: file %s, want a name that ends in .svg", path)
	}
	picture, err := r.draw(ctx, all)
	if err != nil {
		return errors.WithMessage(err, "picture of the schedules")
	}
	return errors.WithMessage(cli.WriteFile(path, picture), "picture of the schedules")
}

const (
	width  = 9 * vg.Inch
	height = 2.4 * vg.Inch // of one course
)

func (r Run) draw(ctx context.Context, all []Course) ([]byte, error) {
	for _, c := range all {
		if err := schedules.Validate(c.Schedule); err != nil {
			return nil, errors.WithMessage(err, c.Name)
		}
	}
	if err := schedules.Validate(r.Batch); err != nil {
		return nil, errors.WithMessage(err, "batch")
	}
	inEpochs := schedules.CountsEpochs(r.Batch) || slices.ContainsFunc(all, func(c Course) bool { return schedules.CountsEpochs(c.Schedule) })
	lines, err := r.lines(ctx, all, inEpochs)
	if err != nil {
		return nil, err
	}
	plots := make([][]*plot.Plot, len(all))
	for i, c := range all {
		chart, err := panel(c, lines[i])
		if err != nil {
			return nil, errors.WithMessage(err, c.Name)
		}
		plots[i] = []*plot.Plot{chart}
	}
	last := plots[len(plots)-1][0]
	last.X.Label.Text = "iteration"
	if inEpochs {
		last.X.Label.Text = "epoch"
	}
	canvas := vgsvg.New(width, height*vg.Length(len(all)))
	tiles := draw.Tiles{Rows: len(all), Cols: 1, PadY: vg.Inch / 5, PadTop: vg.Inch / 8, PadBottom: vg.Inch / 8,
		PadLeft: vg.Inch / 8, PadRight: vg.Inch / 4}
	for i, area := range plot.Align(plots, tiles, draw.New(canvas)) {
		plots[i][0].Draw(area[0])
	}
	var b bytes.Buffer
	_, err = canvas.WriteTo(&b)
	return b.Bytes(), errors.Wrap(err, "SVG")
}

// panel draws one course.
func panel(c Course, xy plotter.XYs) (*plot.Plot, error) {
	chart := plot.New()
	chart.Title.Text = short(c.Schedule.String()) + c.condition()
	chart.Title.TextStyle.Font.Size = vg.Points(10)
	chart.Title.Padding = vg.Points(4)
	chart.Y.Label.Text = c.Name
	chart.X.Tick.Marker, chart.Y.Tick.Marker = ticks{}, ticks{}
	line, err := plotter.NewLine(xy)
	if err != nil {
		return nil, errors.Wrapf(err, "%v", c.Schedule)
	}
	line.Width, line.Color = vg.Points(1.5), color.NRGBA{0x2b, 0x7b, 0xd6, 0xff}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{0xdd}, color.Gray{0xdd}
	chart.Add(grid, line)
	low, high := chart.Y.Min, chart.Y.Max
	if low > 0 && low < high/2 {
		low = 0
	}
	room := (high - low) / 20
	if room == 0 {
		room = max(math.Abs(high)/10, 1e-9)
	}
	chart.Y.Min, chart.Y.Max = low-room, high+room
	if low >= 0 && chart.Y.Min < 0 {
		chart.Y.Min = 0
	}
	return chart, nil
}

// condition says when a schedule that follows a metric takes the course that is drawn.
func (c Course) condition() string {
	if schedules.Follows(c.Schedule) {
		return " as long as its metric improves"
	}
	return ""
}

// ticks are the usual ones, with labels as short as their values.
type ticks struct{ plot.DefaultTicks }

func (t ticks) Ticks(low, high float64) []plot.Tick {
	all := t.DefaultTicks.Ticks(low, high)
	for i, tick := range all {
		if tick.Label != "" {
			all[i].Label = strconv.FormatFloat(tick.Value, 'g', 6, 64)
		}
	}
	return all
}

// short cuts a text that is wider than the picture.
func short(text string) string {
	const most = 110 // runes
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most-3]) + "..."
	}
	return text
}
