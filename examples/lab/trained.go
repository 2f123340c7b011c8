package main

import (
	"math"
	"strconv"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

var trained = experiment{
	name:  "schedules",
	title: "Schedules on a real network",
	about: "A small LeNet learns the digits for the same epochs with the same seeds, with momentum 0.9, under different schedules of the rate, and once with a batch that grows. Schedules are said " +
		"to make the final model better than a constant rate does. Growing the batch is said to come to the same as lowering the rate by the same factors, with far fewer updates (Smith et al. 2018): " +
		"the pair to compare is the rate divided by 4 at three milestones, and the batch multiplied by 4 at the same ones.",
	measure: measureSchedules,
}

// regime is a schedule of the rate, or of the batch.
type regime struct {
	name  string
	rate  schedules.Schedule
	batch schedules.Schedule // nil: constant
}

// regimes are those to compare, for a training of some epochs.
func regimes(peak float64, batch, epochs int) []regime {
	end := schedules.Epochs(epochs)
	at := []schedules.Epochs{end * 3 / 7, end * 5 / 7, end * 6 / 7}
	return []regime{
		{name: "constant", rate: schedules.Constant(peak)},
		{name: "÷10 at three milestones", rate: schedules.Milestones(peak, 0.1, at...)},
		{name: "exponential", rate: schedules.Exponential(peak, 0.01, end)},
		{name: "cosine", rate: schedules.Cosine(peak, 0, end)},
		{name: "warmup and cosine", rate: schedules.Warmup(end/14, schedules.Cosine(peak, 0, end*13/14))},
		{name: "cosine with restarts", rate: schedules.CosineRestarts(peak, 0, end/7, 2, 1)},
		{name: "÷4 at three milestones", rate: schedules.Milestones(peak, 0.25, at...)},
		{name: "batch ×4 at the same", rate: schedules.Constant(peak), batch: schedules.Milestones(float64(batch), 4, at...)},
	}
}

func measureSchedules(l *lab, r *report) error {
	n, epochs, seeds := pick(l, 30000, 5000, 400), 7, pick(l, 8, 2, 2)
	batch := pick(l, 64, 64, 4)
	const peak = 0.02
	all := regimes(peak, batch, epochs)
	accuracy, updates := make([][]float64, len(all)), make([][]float64, len(all))
	curves, tests := make([]series, len(all)), make([]series, len(all))
	for seed := range uint64(seeds) {
		data, test, err := l.subset(n, seed)
		if err != nil {
			return err
		}
		for k, g := range all {
			if err := l.say("seed %d, %s", seed, g.name); err != nil {
				return err
			}
			var c series
			options := []train.Option{train.Epochs(epochs), tested(test, seed, epochs, train.EveryEpochs(1)), losses(max(1, n/batch/10), &c), lost(math.Log(10))}
			t := training{net: convnet(), data: data, rule: solvers.Momentum{Momentum: 0.9}, rate: g.rate, batch: batch, seed: seed, options: options}
			if g.batch != nil {
				t.batch, t.options = 0, append(options, train.BatchSchedule(g.batch))
			}
			_, h, err := t.fit(l.ctx)
			if err != nil {
				return err
			}
			accuracy[k], updates[k] = append(accuracy[k], h.Test().Accuracy()), append(updates[k], float64(h.Iterations))
			if seed == 0 {
				c.name = g.name
				curves[k] = c
				tests[k] = series{name: g.name, dots: true}
				for _, t := range h.Tests {
					tests[k].x, tests[k].y = append(tests[k].x, t.Epoch), append(tests[k].y, 1-t.Accuracy())
				}
			}
		}
	}
	r.set("data", "%d training digits, 10,000 test digits", n)
	r.set("network", "conv 8 of 5x5, ReLU, pool, conv 16 of 5x5, ReLU, pool, dense 64, ReLU, dense 10; momentum 0.9 in PyTorch's form")
	for _, g := range all {
		r.set(g.name, "rate %v, batch %v", g.rate, batchText(g, batch))
	}
	r.set("epochs", "%d", epochs)
	r.set("bounds", "a schedule is better from 5 of the test digits on; equal is within 10 of them, a tenth of a percent")
	r.set("seeds", "%d, of data, weights and order", seeds)
	reportSchedules(r, all, accuracy, updates)
	reportGrowth(r, all, accuracy, updates, n, batch, epochs)
	r.figures = append(r.figures, figure{name: "schedules", caption: "Left and middle: training loss and test error of one seed. Right: where each seed ends.", panels: []panel{
		{title: "training loss", x: "epoch", y: "loss", logY: true, series: curves},
		{title: "test error", x: "epoch", y: "test error", logY: true, series: tests},
		accuracies(all, accuracy),
	}})
	return nil
}

// batchText is the batch of a regime for the settings.
func batchText(g regime, batch int) string {
	if g.batch != nil {
		return g.batch.String()
	}
	return strconv.Itoa(batch)
}

// reportSchedules reports what schedules gain on a constant rate.
func reportSchedules(r *report, all []regime, accuracy, updates [][]float64) {
	t := table{Title: "After the same epochs", Header: []string{"schedule", "test accuracy", "more than with a constant rate", "updates"}}
	for k, g := range all {
		gain := over(less(accuracy[k], accuracy[0]))
		t.Rows = append(t.Rows, []string{g.name, over(accuracy[k]).String(), gain.String(), number(mean(updates[k])).String()})
		if k > 0 {
			r.find("Better than a constant rate: "+g.name+".", "test accuracy at the end less that with the constant rate", gain, atLeast(0.0005))
		}
	}
	r.tables = append(r.tables, t)
	r.find("Cosine is as good as steps of ÷10 or better.", "test accuracy with cosine less that with steps", over(less(accuracy[3], accuracy[1])), atLeast(-0.0005))
}

// reportGrowth compares growing the batch with lowering the rate, with the updates that follow from the milestones.
func reportGrowth(r *report, all []regime, accuracy, updates [][]float64, n, batch, epochs int) {
	lower, grow := len(all)-2, len(all)-1
	r.find("Growing the batch ends at the same accuracy as lowering the rate by the same factors.", "test accuracy with the growing batch less that with the falling rate",
		over(less(accuracy[grow], accuracy[lower])), within(-0.001, 0.001))
	expected := 0.0
	for k, part := range []int{3, 2, 1, 1} { // sevenths of the epochs
		expected += float64(part*epochs/7) * math.Ceil(float64(n)/(float64(batch)*math.Pow(4, float64(k))))
	}
	r.find("A growing batch takes as many updates as the milestones make it: in each epoch the examples over the batch, rounded up.", "updates over the sum of those", over(divided(updates[grow], expected)), within(0.99, 1.01))
	r.find("A growing batch takes far fewer updates.", "updates over those with the falling rate", over(ratios(updates[grow], updates[lower])), atMost(0.6))
}

// less is a − b, element by element.
func less(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return d
}

// divided is each of a over b.
func divided(a []float64, b float64) []float64 {
	q := make([]float64, len(a))
	for i := range a {
		q[i] = a[i] / b
	}
	return q
}

// accuracies is a panel with the accuracy of each regime in a row.
func accuracies(all []regime, accuracy [][]float64) panel {
	p := panel{title: "final test accuracy, all seeds", x: "accuracy"}
	for k, g := range all {
		s := series{name: g.name, alone: true}
		for _, a := range accuracy[k] {
			s.x, s.y = append(s.x, a), append(s.y, float64(len(all)-1-k))
		}
		p.rows = append(p.rows, g.name)
		p.add(s)
	}
	return p
}
