package main

import (
	"math"
	"slices"
)

// figure is a row of panels with one legend below them.
type figure struct {
	name    string // of its file
	caption string
	panels  []panel
}

// panel is a chart.
type panel struct {
	title      string
	x, y       string // names of the axes
	logX, logY bool
	rows       []string // names of the places 0, 1, ... on the y axis, from above, in the place of numbers
	series     []series
	low, high  float64 // ends of the y axis; both 0: as far as the curves go
}

// series is a curve or a set of points. Series of one name, in whatever panel, look alike and have one entry in the
// legend.
type series struct {
	name   string // empty: not in the legend
	x, y   []float64
	spread []interval // of y, drawn as bars; nil: none
	dots   bool       // a mark at each point
	alone  bool       // marks without a line
	law    bool       // a line to compare with: grey and dashed
}

// add adds series.
func (p *panel) add(s ...series) { p.series = append(p.series, s...) }

// overSeeds is a series of means over seeds: at[k] are the values at x[k].
func overSeeds(name string, x []float64, at [][]float64) series {
	s := series{name: name, x: x, dots: true}
	for _, values := range at {
		s.y, s.spread = append(s.y, mean(values)), append(s.spread, over(values))
	}
	return s
}

// plotted are the points of a series that its panel can show.
func (p *panel) plotted(s series) (keep []int) {
	for i := range s.x {
		if finite(s.x[i], p.logX) && finite(s.y[i], p.logY) {
			keep = append(keep, i)
		}
	}
	if s.spread == nil {
		keep = p.thin(s, keep)
	}
	return keep
}

func finite(v float64, log bool) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (v > 0 || !log)
}

// most is how many points of a curve are drawn.
const most = 160

// thin leaves out points that lie close together along the x axis, except the last.
func (p *panel) thin(s series, index []int) (keep []int) {
	if len(index) <= most || s.alone {
		return index
	}
	at := func(i int) float64 {
		if p.logX {
			return math.Log(s.x[i])
		}
		return s.x[i]
	}
	first, last := at(index[0]), at(index[len(index)-1])
	next := first
	for _, i := range index {
		if at(i) >= next {
			keep = append(keep, i)
			next = at(i) + (last-first)/most
		}
	}
	if end := index[len(index)-1]; !slices.Contains(keep, end) {
		keep = append(keep, end)
	}
	return keep
}

// names are those of all series, in the order in which they first appear.
func (f *figure) names() (names []string) {
	for _, p := range f.panels {
		for _, s := range p.series {
			if s.name != "" && !slices.Contains(names, s.name) {
				names = append(names, s.name)
			}
		}
	}
	return names
}

// find returns the first series of a name.
func (f *figure) find(name string) series {
	for _, p := range f.panels {
		for _, s := range p.series {
			if s.name == name {
				return s
			}
		}
	}
	return series{}
}
