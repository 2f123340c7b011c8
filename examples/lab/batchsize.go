package main

import (
	"math"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
)

var batchSize = experiment{
	name:  "batch-size",
	title: "Choosing a batch size",
	about: "A single example a step is said to be noisy, hard on the hardware and good at generalising; 32 to 128 moderate and good all round; 256 to 1,024 excellent for the hardware and usually good; " +
		"all examples free of noise, with a danger of overfitting. Smaller batches make more updates in an epoch, which is said to lead to faster convergence on the clock. " +
		"Each batch has the rate, falling along a cosine, that does best on other digits after the same epochs. Equal time is that which 64 takes for its epochs.",
	measure: measureBatchSize,
}

// outcome is what a batch size has come to with one seed.
type outcome struct {
	variance, speed, epochs, clock, gap float64
}

func measureBatchSize(l *lab, r *report) error {
	n, epochs, seeds := pick(l, 5000, 3000, 200), pick(l, 8, 4, 1), pick(l, 5, 2, 2)
	batches := pick(l, []int{1, 8, 32, 64, 128, 256, 1024, n}, []int{1, 32, 128, 1024, n}, []int{1, 32, n})
	ladder := pick(l, []float64{0.01, 0.03, 0.1, 0.3, 1}, []float64{0.01, 0.1, 1}, []float64{0.1})
	rates := map[int]float64{}
	for _, b := range batches {
		var err error
		if rates[b], err = bestRate(l, n, b, epochs, ladder); err != nil {
			return err
		}
	}
	standard := pick(l, 64, 128, 32) // whose time is that of all
	got := map[int][]outcome{}
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		budget := 0.0
		for _, b := range append([]int{standard}, batches...) {
			if err := l.say("seed %d, batches of %d", seed, b); err != nil {
				return err
			}
			t := training{net: perceptron(), data: data, batch: b, rate: schedules.Cosine(rates[b], 0, schedules.Epochs(epochs)), seed: seed}
			o, seconds, err := t.outcome(l, test, rates[b], epochs, budget)
			if err != nil {
				return err
			}
			if budget == 0 {
				budget = seconds // of the first, which comes again in its turn
				continue
			}
			got[b] = append(got[b], o)
		}
	}
	r.set("data", "%d training digits, 10,000 test digits, network 784-64-10 with ReLU, plain SGD", n)
	r.set("epochs", "%d; equal time is that of %d epochs with batches of %d; the rate falls to 0 along a cosine over either", epochs, epochs, standard)
	r.set("rates", "of %v the best in the mean over three seeds, which are not those of the measurement, on digits that are neither trained nor tested on", ladder)
	r.set("seeds", "%d, of data, weights and order", seeds)
	reportBatchSize(r, n, batches, rates, got)
	return nil
}

// outcome trains for some epochs, whose seconds it returns, and then anew for a budget of seconds, if that isn't 0. Where a training diverges the weights
// before that count.
func (t training) outcome(l *lab, test datasets.Dataset, peak float64, epochs int, budget float64) (o outcome, seconds float64, err error) {
	t.options = []train.Option{train.Epochs(epochs)}
	model, h, err := t.fit(l.ctx)
	if err != nil && !diverged(err) {
		return o, 0, err
	}
	seconds, o.speed = h.Seconds, h.ExamplesPerSecond()
	if _, o.epochs, err = assess(l.ctx, model, test); err != nil || budget == 0 {
		return o, seconds, err
	}
	_, seen, err := assess(l.ctx, model, t.data)
	if err != nil {
		return o, 0, err
	}
	o.gap = seen - o.epochs
	iterations := max(1, int(math.Round(float64(h.Iterations)*budget/seconds)))
	t.rate, t.options = schedules.Cosine(peak, 0, iterations), []train.Option{train.Iterations(iterations)}
	if model, _, err = t.fit(l.ctx); err != nil && !diverged(err) {
		return o, 0, err
	}
	if _, o.clock, err = assess(l.ctx, model, test); err != nil {
		return o, 0, err
	}
	o.variance, err = varianceAt(t, t.batch)
	return o, seconds, err
}

// bestRate is the rate of a ladder that is best for a batch after some epochs, in the mean over three seeds, on digits that are not trained on.
func bestRate(l *lab, n, b, epochs int, ladder []float64) (rate float64, err error) {
	best := math.Inf(-1)
	for _, try := range ladder {
		total := 0.0
		for seed := range uint64(pick(l, 3, 2, 1)) {
			if err := l.say("rate for batches of %d: %v, seed %d", b, try, seed); err != nil {
				return 0, err
			}
			accuracy, err := validate(l, n, b, epochs, try, 1000+seed)
			if err != nil {
				return 0, err
			}
			total += accuracy
		}
		if total > best {
			best, rate = total, try
		}
	}
	return rate, nil
}

// validate is the accuracy that a rate leads to on digits set aside; 0 where the training diverges.
func validate(l *lab, n, b, epochs int, rate float64, seed uint64) (float64, error) {
	both, _, err := l.subset(n+min(n, 2000), seed)
	if err != nil {
		return 0, err
	}
	data, rest, err := datasets.Split(both, n, seed)
	if err != nil {
		return 0, err
	}
	model, _, err := training{net: perceptron(), data: data, batch: b, rate: schedules.Cosine(rate, 0, schedules.Epochs(epochs)), seed: seed,
		options: []train.Option{train.Epochs(epochs), lost(math.Log(10))}}.fit(l.ctx)
	if diverged(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	_, accuracy, err := assess(l.ctx, model, rest)
	return accuracy, err
}

// varianceAt is the variance of a batch's gradient at the first weights; that of all examples is 0.
func varianceAt(t training, b int) (float64, error) {
	if b == t.data.Len() {
		return 0, nil
	}
	model, err := t.build()
	if err != nil {
		return 0, err
	}
	f, err := train.NewObjective(model, t.data)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	s, err := gradientSpread(f, model.Weights(), []int{b}, 32, 20, t.seed)
	if err != nil {
		return 0, err
	}
	return s.without[0], nil
}

// reportBatchSize makes the table, the figure and the findings.
func reportBatchSize(r *report, n int, batches []int, rates map[int]float64, got map[int][]outcome) {
	column := func(b int, of func(outcome) float64) (values []float64) {
		for _, o := range got[b] {
			values = append(values, of(o))
		}
		return values
	}
	compare := func(a, b int, of func(a, b outcome) float64) interval {
		var values []float64
		for k := range got[a] {
			values = append(values, of(got[a][k], got[b][k]))
		}
		return over(values)
	}
	t := table{Title: "Batch sizes", Header: []string{"batch", "rate", "variance of the gradient", "examples/s", "test accuracy, equal epochs", "test accuracy, equal time", "training less test accuracy"}}
	panels := []panel{
		{title: "noise and speed", x: "batch", y: "over that of one example", logX: true, logY: true},
		{title: "test accuracy", x: "batch", y: "accuracy", logX: true},
	}
	var x []float64
	var noise, speed, equal, clock [][]float64
	for _, b := range batches {
		variance, rate := column(b, func(o outcome) float64 { return o.variance }), column(b, func(o outcome) float64 { return o.speed })
		epochs, time := column(b, func(o outcome) float64 { return o.epochs }), column(b, func(o outcome) float64 { return o.clock })
		t.Rows = append(t.Rows, []string{
			batchName(b, n), number(rates[b]).String(), over(variance).String(), over(rate).String(), over(epochs).String(), over(time).String(),
			over(column(b, func(o outcome) float64 { return o.gap })).String(),
		})
		x = append(x, float64(b))
		noise, speed = append(noise, ratios(variance, column(1, func(o outcome) float64 { return o.variance }))), append(speed, ratios(rate, column(1, func(o outcome) float64 { return o.speed })))
		equal, clock = append(equal, epochs), append(clock, time)
	}
	panels[0].add(overSeeds("variance", x, noise))
	panels[0].add(overSeeds("examples/s", x, speed))
	panels[1].add(overSeeds("equal epochs", x, equal))
	panels[1].add(overSeeds("equal time", x, clock))
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "batch-size", caption: "Left: variance of the gradient and examples computed in a second, over those of a single example. Right: accuracy on the test digits after equal epochs and after equal time. " +
		"Bars are 95 % intervals over seeds.", panels: panels})

	faster := func(a, b outcome) float64 { return a.speed / b.speed }
	better := func(a, b outcome) float64 { return a.epochs - b.epochs }
	sooner := func(a, b outcome) float64 { return a.clock - b.clock }
	middle, large := 32, batches[len(batches)-2]
	r.find("Single examples use the hardware poorly.", "examples/s with batches of 32 over those with 1", compare(middle, 1, faster), atLeast(2))
	r.find("Large batches use it better than middling ones.", sprintf("examples/s with batches of %d over those with 32", large), compare(large, middle, faster), atLeast(1.1))
	r.find("All examples at once use it better still.", sprintf("examples/s with all examples over those with %d", large), compare(n, large, faster), atLeast(1))
	r.find("Single examples generalise as well as batches of 32, after equal epochs.", "test accuracy with 1 less that with 32", compare(1, middle, better), atLeast(-0.005))
	r.find(sprintf("Batches of %d generalise nearly as well as those of 32, after equal epochs.", large), "test accuracy less that with 32", compare(large, middle, better), atLeast(-0.01))
	r.find("All examples at once are worse than batches of 32 after equal epochs.", "test accuracy less that with 32", compare(n, middle, better), atMost(-0.01))
	r.find("All examples at once overfit more: their training accuracy is further above their test accuracy than with 32.", "training less test accuracy, of all examples less that with 32",
		compare(n, middle, func(a, b outcome) float64 { return a.gap - b.gap }), atLeast(0))
	r.find("Batches of 32 get further than all examples at once in equal time.", "test accuracy with 32 less that with all", compare(middle, n, sooner), atLeast(0.005))
	r.find("They get further than single examples in equal time.", "test accuracy with 32 less that with 1", compare(middle, 1, sooner), atLeast(0.005))
	r.find(sprintf("They get further than batches of %d in equal time.", large), "test accuracy less that with the large batches", compare(middle, large, sooner), atLeast(0.005))
}

// ratios is a over b, element by element.
func ratios(a, b []float64) []float64 {
	q := make([]float64, len(a))
	for i := range a {
		q[i] = a[i] / b[i]
	}
	return q
}

// batchName names a batch of n examples at most.
func batchName(b, n int) string {
	if b == n {
		return "all " + number(b).String()
	}
	return number(b).String()
}
