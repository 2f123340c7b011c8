package main

import (
	"math"
	"time"

	"github.com/fallline/fallline/solvers"
	"gonum.org/v1/gonum/stat"
)

var varianceReduction = experiment{
	name:  "variance-reduction",
	title: "SVRG and SAGA on a convex problem",
	about: "On a strongly convex problem SVRG and SAGA are said to converge linearly, as gradient descent over all examples does, at the cost of stochastic steps, where SGD at a constant rate " +
		"stalls. Measured is the gap to the lowest loss of a regularised logistic regression, which tells even digits from odd ones, against passes over the data and against seconds.",
	measure: measureVarianceReduction,
}

func measureVarianceReduction(l *lab, r *report) error {
	n, seeds, passes := pick(l, 5000, 2000, 300), pick(l, 10, 2, 2), pick(l, 60, 60, 20)
	const lambda, batch = 2e-2, 8
	const goal = 1e-8
	var names []string
	found := map[string]*gaps{}
	for seed := range uint64(seeds) {
		c, err := l.evenOrOdd(n, lambda, seed)
		if err != nil {
			return err
		}
		all, err := contenders(c, batch, seed)
		if err != nil {
			return err
		}
		if c.lowest, err = lowestLoss(l, c, all[0], seed); err != nil {
			return err
		}
		names = names[:0]
		for _, m := range all {
			if err := l.say("seed %d, %s", seed, m.name); err != nil {
				return err
			}
			if found[m.name] == nil {
				found[m.name] = &gaps{}
			}
			names = append(names, m.name)
			if err := found[m.name].add(l, c, m, passes, goal, seed); err != nil {
				return err
			}
		}
		n = c.f.Len()
	}
	r.set("problem", "logistic regression on %d examples, λ %v, in float64; batches of %d", n, lambda, batch)
	if l.data != "" {
		r.set("data", "the file of -data")
	} else {
		r.set("data", "training digits, even against odd, their mean taken off")
	}
	r.set("rates", "SAGA max(1/(2(L+μn)), 1/(3L)), SVRG 1/(10L) with periods of 2 passes, SGD 1/(2L) or falling as 1/t from there, gradient descent 1/L_f, with L for batches")
	r.set("bounds", "linear is R² of 0.95; far below is a thousandth; half the passes, four fifths of the time; a gap that stalls stays within a factor of 2, where one that falls linearly loses digits")
	r.set("seeds", "%d, of data and order", seeds)
	for _, name := range []string{"SAGA", "SVRG"} {
		r.find(name+" converges linearly.", "R² of the straight line through the logarithm of the gap against passes, from 1e-3 of the first gap to 1e-10", over(found[name].straight), atLeast(0.95))
	}
	stalled := found["SGD, constant rate"]
	r.find("SGD at a constant rate stalls.", sprintf("mean gap over the last quarter of %d passes over that of the quarter before", passes), factor(stalled.still), within(0.5, 2))
	for _, name := range []string{"SAGA", "SVRG"} {
		r.find(name+" gets far below where SGD stalls.", sprintf("log₁₀ of its gap after %d passes less that of SGD", passes), over(less(found[name].last, stalled.last)), atMost(-3))
	}
	r.find("SAGA takes fewer passes than gradient descent over all examples.", "passes of SAGA to a gap of 1e-8 over those of gradient descent", over(ratios(found["SAGA"].passes, found["gradient descent"].passes)), atMost(0.5))
	r.find("SVRG takes fewer passes than gradient descent over all examples.", "passes of SVRG to a gap of 1e-8 over those of gradient descent", over(ratios(found["SVRG"].passes, found["gradient descent"].passes)), atMost(0.5))
	r.find("SAGA takes less time than gradient descent over all examples.", "seconds of SAGA to a gap of 1e-8 over those of gradient descent", over(ratios(found["SAGA"].seconds, found["gradient descent"].seconds)), atMost(0.8))
	r.find("SVRG takes less time than gradient descent over all examples.", "seconds of SVRG to a gap of 1e-8 over those of gradient descent", over(ratios(found["SVRG"].seconds, found["gradient descent"].seconds)), atMost(0.8))
	t := table{Title: "To a gap of 1e-8", Header: []string{"method", "passes", "seconds", sprintf("log₁₀ of the gap after %d passes", passes)}}
	a := panel{title: "against passes", x: "passes over the data", y: "gap to the lowest loss", logY: true}
	b := panel{title: "against time", x: "seconds", y: "gap to the lowest loss", logX: true, logY: true}
	for _, name := range names {
		g := found[name]
		t.Rows = append(t.Rows, []string{name, over(g.passes).String(), over(g.seconds).String(), over(g.last).String()})
		a.add(series{name: name, x: g.x, y: g.y})
		b.add(series{name: name, x: g.clock, y: g.y})
	}
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "variance-reduction", caption: "Gap to the lowest loss, for one seed; gaps below 1e-14 are drawn there, at the limit of the arithmetic. Gradient descent takes one step a pass, and goes on beyond the picture.", panels: []panel{a, b}})
	return nil
}

// gaps is what a method has come to, for each seed, and its course for the first.
type gaps struct {
	x, clock, y                     []float64
	straight, last, passes, seconds []float64
	still                           []float64 // mean gap over the fourth quarter of the passes over that of the third
}

// add runs a method for some passes, and then further to the goal if it isn't plain SGD, for at most 40 times as many.
// Gradient descent that is not there by then counts as having got there.
func (g *gaps) add(l *lab, c convex, m contender, passes int, goal float64, seed uint64) error {
	run, err := c.open(m, seed)
	if err != nil {
		return err
	}
	first, err := c.gap(run)
	if err != nil {
		return err
	}
	n := float64(c.f.Len())
	var x, y []float64
	var third, fourth []float64
	done, clock, reached := 0.0, 0.0, false
	_, stalls := m.from.(solvers.MiniBatch)
	for done < float64(passes) || !reached && !stalls && done < 40*float64(passes) {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		steps := 1
		if m.batch > 0 {
			steps = max(1, c.f.Len()/m.batch/2)
		}
		start := time.Now()
		info, err := run.Advance(steps)
		clock += time.Since(start).Seconds()
		if err != nil {
			return err
		}
		done += float64(info.Gradients) / n
		gap, err := c.gap(run)
		if err != nil {
			return err
		}
		switch {
		case done > float64(passes):
		case done > float64(passes)*3/4:
			fourth = append(fourth, gap)
		case done > float64(passes)/2:
			third = append(third, gap)
		}
		if seed == 0 && done <= 2*float64(passes) {
			g.x, g.clock, g.y = append(g.x, done), append(g.clock, clock), append(g.y, max(gap, 1e-14))
		}
		if gap < 1e-3*first && gap > 1e-10 {
			x, y = append(x, done), append(y, math.Log(gap))
		}
		if gap <= goal && !reached {
			reached = true
			g.passes, g.seconds = append(g.passes, done), append(g.seconds, clock)
		}
		if done >= float64(passes) && len(g.straight) == len(g.last) {
			g.last = append(g.last, math.Log10(max(gap, 1e-16)))
		}
	}
	if !reached && m.batch > 0 {
		done, clock = math.NaN(), math.NaN()
	}
	if !reached {
		g.passes, g.seconds = append(g.passes, done), append(g.seconds, clock)
	}
	g.still = append(g.still, mean(fourth)/mean(third))
	a, b := stat.LinearRegression(x, y, nil, false)
	g.straight = append(g.straight, stat.RSquared(x, y, nil, a, b))
	return nil
}
