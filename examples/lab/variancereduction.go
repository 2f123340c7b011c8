package main

import (
	"math"
	"time"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
	"gonum.org/v1/gonum/stat"
	"gorgonia.org/tensor"
)

var varianceReduction = experiment{
	name:  "variance-reduction",
	title: "SVRG and SAGA on a convex problem",
	about: "On a strongly convex problem SVRG and SAGA are said to converge linearly, as gradient descent over all examples does, at the cost of stochastic steps, where SGD at a constant rate " +
		"stalls. Measured is the gap to the lowest loss of a regularised logistic regression, which tells even digits from odd ones, against passes over the data and against seconds.",
	measure: measureVarianceReduction,
}

// contender is a method with the step that theory gives for it.
type contender struct {
	name  string
	from  solvers.Estimator
	rate  schedules.Schedule
	batch int // 0: all examples
}

// convex is a regularised linear problem with its lowest loss.
type convex struct {
	f      *solvers.Linear
	lambda float64
	lowest float64
}

// gap is how far weights are above the lowest loss.
func (c convex) gap(run *solvers.Run) (float64, error) {
	w := run.Weights()
	loss, err := c.f.Loss(w, everything(c.f.Len()))
	return loss + c.lambda/2*w.Dot(w) - c.lowest, err
}

func measureVarianceReduction(l *lab, r *report) error {
	n, seeds, passes := pick(l, 5000, 2000, 300), pick(l, 5, 2, 2), pick(l, 60, 60, 20)
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
	r.set("seeds", "%d, of data and order", seeds)
	for _, name := range []string{"SAGA", "SVRG"} {
		r.find(name+" converges linearly.", "R² of the straight line through the logarithm of the gap against passes, from 1e-3 of the first gap to 1e-10", over(found[name].straight), atLeast(0.95))
	}
	r.find("SGD at a constant rate stalls.", sprintf("log₁₀ of the gap after %d passes", passes), over(found["SGD, constant rate"].last), atLeast(-5))
	r.find("SAGA takes fewer passes than gradient descent over all examples.", "passes of SAGA to a gap of 1e-8 over those of gradient descent", over(ratios(found["SAGA"].passes, found["gradient descent"].passes)), atMost(0.5))
	r.find("So does SVRG.", "passes of SVRG to a gap of 1e-8 over those of gradient descent", over(ratios(found["SVRG"].passes, found["gradient descent"].passes)), atMost(0.5))
	r.find("SAGA takes less time, too.", "seconds of SAGA to a gap of 1e-8 over those of gradient descent", over(ratios(found["SAGA"].seconds, found["gradient descent"].seconds)), atMost(0.8))
	r.find("SVRG takes less time, too.", "seconds of SVRG to a gap of 1e-8 over those of gradient descent", over(ratios(found["SVRG"].seconds, found["gradient descent"].seconds)), atMost(0.8))
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
	r.figures = append(r.figures, figure{name: "variance-reduction", caption: "Gap to the lowest loss, for one seed.", panels: []panel{a, b}})
	return nil
}

// evenOrOdd is the problem on digits, or on the file of -data.
func (l *lab) evenOrOdd(n int, lambda float64, seed uint64) (c convex, err error) {
	c.lambda = lambda
	m := solvers.LinearModel{Loss: solvers.Logistic, Dtype: tensor.Float64}
	if l.data != "" {
		file, err := datasets.OpenLIBSVM(l.data)
		if err != nil {
			return c, err
		}
		if file.Classes() != 2 {
			return c, errors.Errorf("-data %s: labels of %d classes, want 2", l.data, file.Classes())
		}
		m.Rows = solvers.CSR(file.X)
		for i := range file.X.Rows {
			m.Labels = append(m.Labels, float64(2*file.Class(i)-1))
		}
	} else {
		rows, labels, err := l.pixels(n, seed)
		if err != nil {
			return c, err
		}
		m.Rows = solvers.Dense{Rows: n, Cols: len(rows) / n, F64: centred(rows, n)}
		for _, class := range labels {
			m.Labels = append(m.Labels, 2*math.Mod(class, 2)-1)
		}
	}
	c.f, err = solvers.NewLinear(m)
	return c, err
}

// centred takes the mean row off n rows, in place, which would else dominate the curvature.
func centred(rows []float64, n int) []float64 {
	d := len(rows) / n
	middle := make([]float64, d)
	for i, v := range rows {
		middle[i%d] += v / float64(n)
	}
	for i := range rows {
		rows[i] -= middle[i%d]
	}
	return rows
}

// contenders are the methods, SAGA first.
func contenders(c convex, batch int, seed uint64) ([]contender, error) {
	largest, mean := c.f.Smoothness()
	whole, err := c.f.FullSmoothness(50)
	if err != nil {
		return nil, err
	}
	n := c.f.Len()
	k := solvers.Constants{Full: min(whole, mean) + c.lambda, Max: largest + c.lambda, Mu: c.lambda, N: n}
	l := k.Batch(batch)
	return []contender{
		{"SAGA", solvers.SAGA{Seed: seed}, schedules.Constant(solvers.StepSAGA(l, c.lambda, (n+batch-1)/batch)), batch},
		{"SVRG", solvers.SVRG{Passes: 2}, schedules.Constant(solvers.StepSVRG(l)), batch},
		{"SGD, constant rate", solvers.MiniBatch{}, schedules.Constant(1 / (2 * l)), batch},
		{"SGD, rate falling as 1/t", solvers.MiniBatch{}, schedules.InverseTime(1/(2*l), max(1, int(2*l/c.lambda))), batch},
		{"gradient descent", solvers.FullBatch{}, schedules.Constant(1 / k.Full), 0},
	}, nil
}

// open begins a method on the problem.
func (c convex) open(m contender, seed uint64) (*solvers.Run, error) {
	return descent{of: c.f, batch: m.batch, seed: seed, sample: solvers.Reshuffled, rate: m.rate, options: []solvers.Option{solvers.From(m.from), solvers.L2(c.lambda)}}.open()
}

// lowestLoss is the loss where SAGA no longer moves.
func lowestLoss(l *lab, c convex, saga contender, seed uint64) (float64, error) {
	run, err := c.open(saga, seed+1)
	if err != nil {
		return 0, err
	}
	pass := (c.f.Len() + saga.batch - 1) / saga.batch
	for k := range pick(l, 600, 400, 300) {
		if err := l.say("seed %d, search for the lowest loss, pass %d", seed, k); err != nil {
			return 0, err
		}
		if _, err := run.Advance(pass); err != nil {
			return 0, err
		}
	}
	return c.gap(run)
}

// gaps is what a method has come to, for each seed, and its course for the first.
type gaps struct {
	x, clock, y                     []float64
	straight, last, passes, seconds []float64
}

// add runs a method for some passes, and then further to the goal if it isn't plain SGD, for at most 40 times as many. Gradient descent that
// is not there by then counts as having got there.
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
	a, b := stat.LinearRegression(x, y, nil, false)
	g.straight = append(g.straight, stat.RSquared(x, y, nil, a, b))
	return nil
}
