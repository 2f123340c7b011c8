package main

import (
	"math"

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

func measureExploration(l *lab, r *report) error {
	trials, steps := pick(l, 300, 40, 8), pick(l, 1000, 1000, 200)
	batches := []int{1, 2, 4, 8, 16, 32, 64}
	rates := []float64{0.002, 0.005, 0.01, 0.015}
	f, err := tilted(0)
	if err != nil {
		return err
	}
	sharp, err := rest(f, sharpAt)
	if err != nil {
		return err
	}
	flat, err := rest(f, flatAt)
	if err != nil {
		return err
	}
	const middle = sharpAt + 4*sharpWidth // between the two wells, outside the sharp one
	p := panel{title: "runs that left their minimum", x: "batch", y: "part of the runs", logX: true, low: 0, high: 1}
	var orders []float64
	left := map[float64][]float64{}
	var single, fromFlat interval
	for _, rate := range rates {
		s := series{name: sprintf("rate %v", rate), dots: true}
		for _, b := range batches {
			if err := l.say("rate %v, batches of %d", rate, b); err != nil {
				return err
			}
			hits, err := leave(f, sharp, b, rate, steps, trials, func(x float64) bool { return x > middle })
			if err != nil {
				return err
			}
			v := share(hits, trials)
			s.x, s.y, s.spread = append(s.x, float64(b)), append(s.y, float64(v.Mean)), append(s.spread, v)
			left[rate] = append(left[rate], float64(v.Mean))
			if rate == 0.01 && b == 1 {
				single = v
			}
		}
		p.add(s)
	}
	for _, rate := range rates {
		orders = append(orders, highest(left[rate][1:], left[rate]))
	}
	back := series{name: "from the flat one, rate 0.01", dots: true}
	for _, b := range batches {
		if err := l.say("from the flat minimum, batches of %d", b); err != nil {
			return err
		}
		hits, err := leave(f, flat, b, 0.01, steps, trials, func(x float64) bool { return x < middle })
		if err != nil {
			return err
		}
		v := share(hits, trials)
		back.x, back.y, back.spread = append(back.x, float64(b)), append(back.y, float64(v.Mean)), append(back.spread, v)
		if b == 1 {
			fromFlat = v
		}
	}
	p.add(back)
	whole := 0.0
	for _, rate := range rates {
		out, err := leave(f, sharp, 0, rate, steps, 1, func(x float64) bool { return x > middle })
		if err != nil {
			return err
		}
		whole += float64(out)
	}
	byRate := 0.0
	for k := range batches {
		var at []float64
		for _, rate := range rates {
			at = append(at, left[rate][k])
		}
		for i := 1; i < len(at); i++ {
			byRate = max(byRate, at[i-1]-at[i])
		}
	}
	r.set("curve", "wells of depth 1 at %v, width %v, and at %v, width %v, with 0.01 x⁴; the sharp one has a curvature of about %.0f, the flat one %.1f", sharpAt, sharpWidth, flatAt, flatWidth, 1/sharpWidth/sharpWidth, 1/flatWidth/flatWidth)
	r.set("noise", "slopes from N(0, %v²) for each of 1,000 examples; batches drawn with replacement", tilt)
	r.set("runs", "%d of %d steps for each batch and rate; a run has left when it was past x = %v", trials, steps, middle)
	r.find("Gradient descent stays in the sharp minimum, at every rate below 2 over its curvature.", "runs that left, of one at each of 4 rates", exact(whole), atMost(0))
	r.find("SGD with single examples leaves it.", "part of the runs that left, at rate 0.01", single, atLeast(0.5))
	r.find("It stays in the flat minimum.", "part of the runs that left it for the sharp one, at rate 0.01 with single examples", fromFlat, atMost(0.1))
	r.find("It leaves the sharp minimum more often than the flat one, with whatever batch.", "least of the frequencies from the sharp one less those from the flat one, rate 0.01, over all batches", exact(-highest(back.y, left[0.01])), atLeast(-0.03))
	r.find("The smaller the batch, the more often.", "greatest rise of the frequency from a batch to one twice as large, over all rates", exact(highest(orders, nil)), atMost(0.03))
	r.find("The greater the rate, the more often.", "greatest fall of the frequency from a rate to the next, over all batches", exact(byRate), atMost(0.03))
	curve := panel{title: "the loss", x: "x", y: "mean loss"}
	var c series
	for x := -1.8; x <= 3; x += 0.02 {
		v, _ := wells(x)
		c.x, c.y = append(c.x, x), append(c.y, v)
	}
	curve.add(c)
	r.figures = append(r.figures, figure{name: "exploration", caption: "Left: the loss, with a sharp and a flat minimum. Right: how many of the runs that began in the sharp one left it, with Wilson's 95 % intervals.", panels: []panel{curve, p}})
	return nil
}

// highest is the greatest rise from a to b, element by element, or the greatest of a where b is nil.
func highest(a, b []float64) float64 {
	top := math.Inf(-1)
	for i := range a {
		v := a[i]
		if b != nil {
			v -= b[i]
		}
		top = max(top, v)
	}
	return top
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

// leave counts the runs of SGD from x that are out at some time; batches of 0 are all examples.
func leave(f *solvers.FiniteSum, x float64, batch int, rate float64, steps, trials int, out func(float64) bool) (hits int, err error) {
	for trial := range uint64(trials) {
		d := descent{of: f, from: start(f, x), batch: batch, seed: trial, sample: solvers.WithReplacement, rate: schedules.Constant(rate)}
		if batch == 0 {
			d.options = []solvers.Option{solvers.From(solvers.FullBatch{})}
		}
		run, err := d.open()
		if err != nil {
			return 0, err
		}
		for range steps {
			if _, err := run.Next(); err != nil {
				return 0, err
			}
			if out(run.Weights().At(0)) {
				hits++
				break
			}
		}
	}
	return hits, nil
}
