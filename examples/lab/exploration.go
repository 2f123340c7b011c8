package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

var exploration = experiment{
	name:  "exploration",
	title: "Out of a sharp minimum",
	about: "A loss in one dimension has a sharp minimum and a flat one of the same depth. Gradient descent stays in the minimum it is in, as long as the rate is below 2 over the curvature. " +
		"SGD is said to leave sharp minima by its noise, the more often the smaller the batch and the greater the rate, and to stay in flat ones. Each example's loss is the same " +
		"curve tilted by a normal slope; the slopes of all 1,000 examples add up to nothing.",
	measure: measureExploration,
}

const (
	sharpAt, sharpWidth = -1.0, 0.1
	flatAt, flatWidth   = 1.0, 0.7
	tilt                = 10.0 // deviation of the slopes
)

// wells is the curve with its slope: two wells of depth 1, and walls far out.
func wells(x float64) (f, slope float64) {
	for _, w := range [][2]float64{{sharpAt, sharpWidth}, {flatAt, flatWidth}} {
		u := (x - w[0]) / w[1]
		e := math.Exp(-u * u / 2)
		f, slope = f-e, slope+e*u/w[1]
	}
	return f + 0.01*math.Pow(x, 4), slope + 0.04*x*x*x
}

// tilted is the mean of 1,000 curves that are tilted at random.
func tilted(seed uint64) (*solvers.FiniteSum, error) {
	slopes := normals(random(seed, 4), 1000, 0, tilt)
	centre := mean(slopes)
	return sum(len(slopes), 1, func(w, g []float64, i int) float64 {
		f, slope := wells(w[0])
		if g != nil {
			g[0] += slope + slopes[i] - centre
		}
		return f + (slopes[i]-centre)*w[0]
	})
}

// escapes are the runs from the two minima.
type escapes struct {
	f             *solvers.FiniteSum
	trials, steps int
	sharp, flat   float64
}

// middle lies between the two wells, outside the sharp one: a run has left when it is past it.
const middle = sharpAt + 4*sharpWidth

func measureExploration(l *lab, r *report) error {
	e := escapes{trials: pick(l, 300, 40, 8), steps: pick(l, 1000, 1000, 200)}
	batches := []int{1, 2, 4, 8, 16, 32, 64}
	rates := []float64{0.002, 0.005, 0.01, 0.015}
	const chosen = 2 // of the rates, for single findings
	var err error
	if e.f, err = tilted(0); err != nil {
		return err
	}
	if e.sharp, err = rest(e.f, sharpAt); err != nil {
		return err
	}
	if e.flat, err = rest(e.f, flatAt); err != nil {
		return err
	}
	p := panel{title: "runs that left their minimum", x: "batch", y: "part of the runs", logX: true, low: 0, high: 1}
	whole := 0
	for _, rate := range rates {
		s, err := e.over(l, sprintf("from the sharp one, rate %v", rate), e.sharp, rate, batches)
		if err != nil {
			return err
		}
		p.add(s)
		left, err := e.leave(e.sharp, 0, rate, 1)
		if err != nil {
			return err
		}
		whole += left
	}
	back, err := e.over(l, sprintf("from the flat one, rate %v", rates[chosen]), e.flat, rates[chosen], batches)
	if err != nil {
		return err
	}
	p.add(back)
	sharp := p.series[chosen]
	var smaller, greater []interval
	for k := range rates {
		smaller = append(smaller, rise(p.series[k].spread[:len(batches)-1], p.series[k].spread[1:]))
		if k > 0 {
			greater = append(greater, rise(p.series[k].spread, p.series[k-1].spread))
		}
	}
	r.set("curve", "wells of depth 1 at %v, width %v, and at %v, width %v, with 0.01 x⁴; the sharp one has a curvature of about %.0f, the flat one %.1f", sharpAt, sharpWidth, flatAt, flatWidth, 1/sharpWidth/sharpWidth, 1/flatWidth/flatWidth)
	r.set("noise", "slopes from N(0, %v²) for each of 1,000 examples; batches drawn with replacement", tilt)
	r.set("runs", "%d of %d steps for each batch and rate; a run has left when it was past x = %v", e.trials, e.steps, middle)
	r.set("bounds", "frequencies count as equal within 0.03, about what 300 runs can tell apart where nearly none or nearly all leave")
	r.find("Gradient descent stays in the sharp minimum, at every rate below 2 over its curvature.", "runs that left, of one at each of 4 rates", exact(float64(whole)), atMost(0))
	r.find("SGD with single examples leaves the sharp minimum.", "part of the runs that left, at rate 0.01", sharp.spread[0], atLeast(0.5))
	r.find("SGD with single examples stays in the flat minimum.", "part of the runs that left it for the sharp one, at rate 0.01 with single examples", back.spread[0], atMost(0.1))
	r.find("With no batch SGD leaves the flat minimum more often than the sharp one.", "greatest excess of the frequency from the flat one, rate 0.01, over all batches", rise(sharp.spread, back.spread), atMost(0.03))
	r.find("The smaller the batch, the more often SGD leaves the sharp minimum.", "greatest rise of the frequency from a batch to one twice as large, over all rates", greatest(smaller), atMost(0.03))
	r.find("The greater the rate, the more often SGD leaves the sharp minimum.", "greatest fall of the frequency from a rate to the next, over all batches", greatest(greater), atMost(0.03))
	r.figures = append(r.figures, figure{name: "exploration", caption: "Left: the loss, with a sharp and a flat minimum. Right: how many of the runs left the minimum that they began in, with Wilson's 95 % intervals.", panels: []panel{
		{title: "the loss", x: "x", y: "mean loss", series: []series{drawn("", wells, -1.8, 3)}}, p,
	}})
	return nil
}

// over is the part of the runs from x that left, for some batches.
func (e *escapes) over(l *lab, name string, x, rate float64, batches []int) (series, error) {
	s := series{name: name, dots: true}
	for _, b := range batches {
		if err := l.say("%s, batches of %d", name, b); err != nil {
			return s, err
		}
		hits, err := e.leave(x, b, rate, e.trials)
		if err != nil {
			return s, err
		}
		v := share(hits, e.trials)
		s.x, s.y, s.spread = append(s.x, float64(b)), append(s.y, float64(v.Mean)), append(s.spread, v)
	}
	return s, nil
}

// leave counts the runs of SGD from x that are past the middle at some time; batches of 0 are all examples.
func (e *escapes) leave(x float64, batch int, rate float64, trials int) (hits int, err error) {
	for trial := range uint64(trials) {
		d := descent{of: e.f, from: start(e.f, x), batch: batch, seed: trial, sample: solvers.WithReplacement, rate: schedules.Constant(rate)}
		if batch == 0 {
			d.options = []solvers.Option{solvers.From(solvers.FullBatch{})}
		}
		run, err := d.open()
		if err != nil {
			return 0, err
		}
		for range e.steps {
			if _, err := run.Next(); err != nil {
				return 0, err
			}
			if (run.Weights().At(0) > middle) != (x > middle) {
				hits++
				break
			}
		}
	}
	return hits, nil
}

// rise is the greatest rise from before to after, element by element; negative where all fall.
func rise(before, after []interval) interval {
	var rises []interval
	for i := range before {
		rises = append(rises, difference(after[i], before[i]))
	}
	return greatest(rises)
}

// greatest is the interval that goes up furthest.
func greatest(of []interval) interval {
	return slices.MaxFunc(of, func(a, b interval) int { return cmp.Compare(a.High, b.High) })
}

// rest is the minimum that gradient descent finds from x.
func rest(f *solvers.FiniteSum, x float64) (float64, error) {
	run, err := descent{of: f, from: start(f, x), rate: schedules.Constant(0.005), options: []solvers.Option{solvers.From(solvers.FullBatch{})}}.open()
	if err != nil {
		return 0, err
	}
	_, err = run.Advance(3000)
	return run.Weights().At(0), err
}
