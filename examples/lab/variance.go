package main

import (
	"math"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var variance = experiment{
	name:  "variance",
	title: "Noise against batch size",
	about: "The gradient of a random batch is right in the mean, and its variance falls as one over the number of examples: twice the batch, half the " +
		"variance. Drawn without replacement from n examples, a batch of b has a part (n−b)/(n−1) of that variance. So batches bring diminishing returns: each step " +
		"from 1 to 32 and from 32 to 1,024 divides the variance by 32, but the second one costs 992 examples more instead of 31. Measured at the first weights of " +
		"a network on digits, and on the quadratic that is the mean of (θ−y)² over 1,000 points.",
	measure: measureVariance,
}

func measureVariance(l *lab, r *report) error {
	n, seeds := pick(l, 4096, 2048, 256), pick(l, 5, 3, 2)
	sizes := powers(n)
	net := nn.Sequential(nn.Flatten(), nn.Dense(64), nn.ReLU(), nn.Dense(10))
	var images []spreads
	for seed := range uint64(seeds) {
		if err := l.say("digits, seed %d", seed); err != nil {
			return err
		}
		training, _, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		model, err := nn.Build(net, training.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(seed))
		if err != nil {
			return err
		}
		f, err := train.NewObjective(model, training)
		if err != nil {
			return err
		}
		defer f.Close()
		s, err := gradientSpread(f, model.Weights(), sizes, pick(l, 64, 24, 8), pick(l, 1000, 300, 60), seed)
		if err != nil {
			return err
		}
		images = append(images, s)
	}
	points := []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
	var line []spreads
	for seed := range uint64(seeds) {
		if err := l.say("quadratic, seed %d", seed); err != nil {
			return err
		}
		f, err := quadratic(normals(random(seed, 1), 1000, 3, 1))
		if err != nil {
			return err
		}
		s, err := gradientSpread(f, f.NewVector(), points, pick(l, 1500, 300, 30), pick(l, 20000, 4000, 200), seed)
		if err != nil {
			return err
		}
		line = append(line, s)
	}
	r.set("digits", "%d training images, softmax cross-entropy, network 784-64-10 with ReLU at its first weights", n)
	r.set("quadratic", "1,000 points from N(3, 1), at θ = 0")
	r.set("bounds", "exponents and ratios within a twentieth, quotients of variances within a tenth, the squared bias within a fifth")
	r.set("seeds", "%d, of data, weights and batches", seeds)
	reportVariance(r, "digits", images, sizes, n)
	reportVariance(r, "the quadratic", line, points, 1000)
	reportReturns(l, r, images, sizes, n)
	return nil
}

// quadratic is the mean of (θ−y)².
func quadratic(y []float64) (*solvers.FiniteSum, error) {
	return sum(len(y), 1, func(w, g []float64, i int) float64 {
		d := w[0] - y[i]
		if g != nil {
			g[0] += 2 * d
		}
		return d * d
	})
}

// powers are the powers of two up to n, which is one.
func powers(n int) (p []int) {
	for b := 1; b <= n; b *= 2 {
		p = append(p, b)
	}
	return p
}

// reportVariance reports on one problem.
func reportVariance(r *report, name string, runs []spreads, sizes []int, n int) {
	with := panel{title: name, x: "batch b", y: "variance of the gradient", logX: true, logY: true}
	x := make([]float64, len(sizes))
	for k, b := range sizes {
		x[k] = float64(b)
	}
	measured := func(of func(spreads) []float64) (y []float64, spread []interval) {
		for k := range sizes {
			var at []float64
			for _, s := range runs {
				at = append(at, of(s)[k])
			}
			spread = append(spread, over(at))
			y = append(y, mean(at))
		}
		return y, spread
	}
	y, spread := measured(func(s spreads) []float64 { return s.with })
	with.add(series{name: "with replacement", x: x, y: y, spread: spread, alone: true})
	law, part := make([]float64, len(x)), make([]float64, len(x))
	for k := range x {
		law[k] = y[0] / x[k]
		part[k] = law[k] * (float64(n) - x[k]) / float64(n-1)
	}
	y, spread = measured(func(s spreads) []float64 { return s.without })
	last := len(x) - 1 // of all examples, without variance
	with.add(series{name: "without replacement", x: x[:last], y: y[:last], spread: spread[:last], alone: true})
	with.add(series{name: "1/b", x: x, y: law, law: true}, series{name: "1/b · (n−b)/(n−1)", x: x[:last], y: part[:last], law: true})
	if len(r.figures) == 0 {
		r.figures = append(r.figures, figure{name: "variance", caption: "Variance of a batch's gradient, the sum over all coordinates, against the size of the batch; dots are measured, lines what theory makes of the variance at b = 1. On the right by how much one more example in it lowers that. Bars are 95 % intervals over seeds."})
	}
	r.figures[0].panels = append(r.figures[0].panels, with)

	var slopes, corrected, ratio []float64
	for _, s := range runs {
		slopes = append(slopes, slope(x, s.with))
		var whole, worst []float64
		for k, b := range x[:last] {
			part := (float64(n) - b) / float64(n-1)
			whole = append(whole, s.without[k]/part)
			worst = append(worst, s.without[k]/s.with[k]/part)
		}
		corrected = append(corrected, slope(x[:last], whole))
		ratio = append(ratio, mean(worst))
	}
	r.find("The variance falls as one over the batch, on "+name+".", "slope of log variance against log batch, with replacement", over(slopes), within(-1.05, -0.95))
	r.find("Without replacement the variance is (n−b)/(n−1) of that, on "+name+".", "variance without over variance with replacement, over (n−b)/(n−1), mean over the sizes", over(ratio), within(0.95, 1.05))
	r.find("So corrected, it falls as one over the batch, too, on "+name+".", "slope of log (variance·(n−1)/(n−b)) against log batch", over(corrected), within(-1.05, -0.95))
	var biases []float64
	for _, s := range runs {
		biases = append(biases, s.bias)
	}
	r.find("The gradient of a batch is unbiased, on "+name+".", "squared error of the mean of 20 gradients over a twentieth of their variance: 1 without a bias", over(biases), within(0.8, 1.2))
}

// reportReturns reports what an example is worth in a batch.
func reportReturns(l *lab, r *report, runs []spreads, sizes []int, n int) {
	place := func(b int) int { return int(math.Round(math.Log2(float64(b)))) }
	small, large := 32, pick(l, 1024, 1024, 128)
	var first, second []float64
	for _, s := range runs {
		first = append(first, s.with[0]/s.with[place(small)])
		second = append(second, s.with[place(small)]/s.with[place(large)])
	}
	factor := float64(large / small)
	r.find("Going from 1 example to 32 divides the variance by 32.", "variance at 1 over variance at 32, on digits", over(first), within(28.8, 35.2))
	r.find(sprintf("Going on from 32 to %d divides it by no more than %v again, for %v times the work of a step.", large, factor, factor),
		sprintf("variance at 32 over variance at %d, on digits", large), over(second), within(0.9*factor, 1.1*factor))
	p := panel{title: "returns, digits", x: "batch b", y: "fall of the variance per example", logX: true, logY: true}
	var x, y []float64
	for k := 1; k < len(sizes); k++ {
		fall := 0.0
		for _, s := range runs {
			fall += (s.with[k-1] - s.with[k]) / float64(len(runs)*(sizes[k]-sizes[k-1]))
		}
		x, y = append(x, float64(sizes[k])), append(y, fall)
	}
	p.add(series{x: x, y: y, dots: true})
	r.figures[0].panels = append(r.figures[0].panels, p)
}
