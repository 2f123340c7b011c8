package main

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
		{title: "test error", x: "batch", y: "test error", logX: true, logY: true},
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
		equal, clock = append(equal, wrongs(epochs)), append(clock, wrongs(time))
	}
	panels[0].add(overSeeds("variance", x, noise))
	panels[0].add(overSeeds("examples/s", x, speed))
	panels[1].add(overSeeds("equal epochs", x, equal))
	panels[1].add(overSeeds("equal time", x, clock))
	r.tables = append(r.tables, t)
	r.figures = append(r.figures, figure{name: "batch-size", caption: "Left: variance of the gradient and examples computed in a second, over those of a single example. Right: test digits that are taken for another after equal epochs and after equal time. " +
		"The last points are of all examples, whose gradient has no variance. Bars are 95 % intervals over seeds.", panels: panels})

	faster := func(a, b outcome) float64 { return a.speed / b.speed }
	better := func(a, b outcome) float64 { return a.epochs - b.epochs }
	sooner := func(a, b outcome) float64 { return a.clock - b.clock }
	tighter := func(a, b outcome) float64 { return a.gap - b.gap }
	middle, large := 32, batches[len(batches)-2]
	r.find("Single examples use the hardware poorly.", "examples/s with batches of 32 over those with 1", compare(middle, 1, faster), atLeast(2))
	r.find("Batches of "+batchName(large, n)+" use the hardware better than those of 32.", sprintf("examples/s with batches of %d over those with 32", large), compare(large, middle, faster), atLeast(1.1))
	r.find("All examples at once use the hardware better than batches of "+batchName(large, n)+".", sprintf("examples/s with all examples over those with %d", large), compare(n, large, faster), atLeast(1.1))
	r.find("Single examples generalise as well as batches of 32, after equal epochs.", "test accuracy with 1 less that with 32", compare(1, middle, better), atLeast(-0.005))
	r.find("Batches of "+batchName(large, n)+" generalise nearly as well as those of 32, after equal epochs.", sprintf("test accuracy with %d less that with 32", large), compare(large, middle, better), atLeast(-0.01))
	r.find("All examples at once do worse than batches of 32 after equal epochs.", "test accuracy with all examples less that with 32", compare(n, middle, better), atMost(-0.01))
	r.find("All examples at once overfit more than batches of 32, after equal epochs.", "training less test accuracy, of all examples less that of 32", compare(n, middle, tighter), atLeast(0.005))
	r.find("Batches of 32 get further than all examples at once in equal time.", "test accuracy with 32 less that with all", compare(middle, n, sooner), atLeast(0.005))
	r.find("Batches of 32 get further than single examples in equal time.", "test accuracy with 32 less that with 1", compare(middle, 1, sooner), atLeast(0.005))
	r.find("Batches of 32 get further than those of "+batchName(large, n)+" in equal time.", sprintf("test accuracy with 32 less that with %d", large), compare(middle, large, sooner), atLeast(0.005))
}

// wrongs are 1 − a, element by element.
func wrongs(a []float64) []float64 {
	e := make([]float64, len(a))
	for i, v := range a {
		e[i] = 1 - v
	}
	return e
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
