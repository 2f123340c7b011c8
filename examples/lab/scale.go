package main

import (
	"math"

	"gonum.org/v1/plot"
)

// scale sets the scales and ticks of the axes.
func (p *panel) scale(c *plot.Plot) {
	if p.low != 0 || p.high != 0 {
		c.Y.Min, c.Y.Max = p.low, p.high
	}
	if len(p.rows) > 0 {
		c.Y.Min, c.Y.Max = -0.5, float64(len(p.rows))-0.5
		c.Y.Tick.Marker = rowTicks(p.rows)
		c.Y.Tick.Length = 0
	}
	for _, a := range []struct {
		axis *plot.Axis
		log  bool
	}{{&c.X, p.logX}, {&c.Y, p.logY}} {
		empty := a.axis.Min > a.axis.Max || math.IsInf(a.axis.Min, 0) || math.IsInf(a.axis.Max, 0)
		switch {
		case empty && a.log:
			a.axis.Min, a.axis.Max = 0.1, 10
		case empty:
			a.axis.Min, a.axis.Max = 0, 1
		case a.axis.Min == a.axis.Max && a.log:
			a.axis.Min, a.axis.Max = a.axis.Min/2, a.axis.Max*2
		case a.axis.Min == a.axis.Max:
			a.axis.Min, a.axis.Max = a.axis.Min-0.5, a.axis.Max+0.5
		}
		switch {
		case a.log:
			a.axis.Scale, a.axis.Tick.Marker = plot.LogScale{}, decades{}
		case a.axis != &c.Y || len(p.rows) == 0:
			a.axis.Tick.Marker = rounds{}
		}
	}
}
