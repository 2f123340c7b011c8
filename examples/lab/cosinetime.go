package main

import "github.com/fallline/fallline/schedules"

var cosineTime = experiment{
	name:  "cosine-time",
	title: "Where a cosine spends its time",
	about: "A cosine from a peak to zero is said to spend more time at low rates than at high ones. Counted is how much of the time the rate is below half its peak, how the means " +
		"over the first and the last third compare, and how much of the time is spent in the lowest tenth of the range against the highest tenth. There is no chance in it.",
	measure: measureCosineTime,
}

func measureCosineTime(l *lab, r *report) error {
	const steps = 90000
	courses := []struct {
		name string
		of   schedules.Schedule
	}{
		{"cosine", schedules.Cosine(1, 0, steps)},
		{"warmup of a tenth, then cosine", schedules.Warmup(steps/10, schedules.Cosine(1, 0, steps-steps/10))},
		{"straight line", schedules.Linear(1, 0, steps)},
		{"÷10 after each third", schedules.Step(1, 0.1, steps/3)},
		{"exponential to a hundredth", schedules.Exponential(1, 0.01, steps)},
	}
	var p panel
	p.x, p.y = "part of the time", "rate over its peak"
	shares := table{Title: "Parts of the time", Header: []string{"schedule", "above half the peak", "below half the peak", "in the lowest tenth", "in the highest tenth", "mean of the last third over the first's"}}
	for k, c := range courses {
		if err := l.say("%s", c.name); err != nil {
			return err
		}
		s := series{name: c.name}
		below, lowest, highest := 0.0, 0.0, 0.0
		var thirds [3]float64
		for t := range int64(steps) {
			v := c.of.At(schedules.Time{Step: t})
			s.x, s.y = append(s.x, float64(t)/steps), append(s.y, v)
			thirds[3*t/steps] += v / (steps / 3)
			if v < 0.5 {
				below += 1.0 / steps
			}
			if v < 0.1 {
				lowest += 1.0 / steps
			}
			if v > 0.9 {
				highest += 1.0 / steps
			}
		}
		p.add(s)
		shares.Rows = append(shares.Rows, []string{c.name, sprintf("%.1f %%", 100*(1-below)), sprintf("%.1f %%", 100*below), sprintf("%.1f %%", 100*lowest), sprintf("%.1f %%", 100*highest), number(thirds[2] / thirds[0]).String()})
		if k > 0 {
			continue
		}
		r.find("A cosine to zero spends more time below half its peak than above it.", "part of the time below half the peak", exact(below), atLeast(0.51))
		r.find("A cosine spends more time in the lowest tenth of its range than in the highest.", "time in the lowest tenth over time in the highest", exact(lowest/highest), atLeast(1.01))
		r.find("A cosine spends more time in the lowest tenth of its range than a straight line, which spends a tenth of it there.", "part of the time in the lowest tenth", exact(lowest), atLeast(0.101))
		r.find("The last third of a cosine has a far lower mean than its first.", "mean of the last third over the first's", exact(thirds[2]/thirds[0]), atMost(0.2))
	}
	r.tables = append(r.tables, shares)
	r.set("steps", "%d", steps)
	r.set("bounds", "more is a hundredth more: steps are counted, so that a tie comes out within one of them")
	r.figures = append(r.figures, figure{name: "cosine-time", caption: "A cosine lies as long above half its peak as below it, and so does a straight line. Steps and exponential decay are low for most of the time.", panels: []panel{p}})
	return nil
}
