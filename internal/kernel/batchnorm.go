package kernel

// BatchNormStats writes the mean and the biased variance of each of the c channels of x (rows × c, rows ≥ 1), summed in
// float64.
//
// What is summed is x less the channel's first sample. Since (sample − mean)² ≤ rows · variance, the subtraction
// Σd² − (Σd)²/rows then loses a factor of rows in accuracy at worst, however far the mean is from 0.
func BatchNormStats[T Float](rows, c int, x []T, mean, variance []float64) {
	s := stashOf[T, columnJob[T]](&columnJobs)
	j := s.get()
	j.routine, j.grid, j.x = columnNorm, newGrid(rows, c), x
	j.center = resize(j.center, c)
	for i := range j.center {
		j.center[i] = float64(x[i])
	}
	j.run()
	n := float64(rows)
	for i, first := range j.center {
		m := j.first[i] / n
		mean[i] = first + m
		v := j.second[i]/n - float64(m*m)
		if v < 0 {
			v = 0
		}
		variance[i] = v
	}
	j.release(s)
}

// BatchNormApply sets y = scale x + shift by channel, for x (rows × c); with relu, y = max(scale x + shift, 0). The product is
// rounded before the sum. y may be x.
func BatchNormApply[T Float](rows, c int, x []T, scale, shift []T, y []T, relu bool) {
	j := rowJob[T]{routine: rowNorm, rows: rows, cols: c, x: x, scale: scale, shift: shift, out: y}
	if relu {
		j.routine = rowNormRelu
	}
	runRows(&j)
}

// BatchNormGrad is the gradient of batch normalisation by the statistics of the batch. With x̂ = (x − mean) invStd,
//
//	dbeta  = Σ_r dy
//	dgamma = Σ_r dy x̂
//	dx     = gamma invStd (dy − dbeta/rows − x̂ dgamma/rows)
//
// x, dy and dx are rows × c, the rest c long; dx may be dy. The sums are in float64.
func BatchNormGrad[T Float](rows, c int, x, dy []T, mean, invStd []T, gamma []T, dx, dgamma, dbeta []T) {
	normGrad(columnJob[T]{routine: columnNormGrad, grid: newGrid(rows, c), x: x, dy: dy}, mean, invStd, gamma, dx, dgamma, dbeta)
}

// BatchNormReluGrad is BatchNormGrad where a relu follows, BatchNormApply's: dy counts as 0 unless scale x + shift > 0.
func BatchNormReluGrad[T Float](rows, c int, x, dy, scale, shift []T, mean, invStd []T, gamma []T, dx, dgamma, dbeta []T) {
	job := columnJob[T]{routine: columnNormGradRelu, grid: newGrid(rows, c), x: x, dy: dy, scale: scale, shift: shift}
	normGrad(job, mean, invStd, gamma, dx, dgamma, dbeta)
}

// normGrad makes a pass for the sums, and one for dx as a dy + b (x − mean) + e.
func normGrad[T Float](job columnJob[T], mean, invStd, gamma, dx, dgamma, dbeta []T) {
	s := stashOf[T, columnJob[T]](&columnJobs)
	j := s.get()
	c := job.cols
	job.center, job.first, job.second = resize(j.center, c), j.first, j.second
	job.coefficients = resize(j.coefficients, 3*c)
	*j = job
	for i, m := range mean[:c] {
		j.center[i] = float64(m)
	}
	j.run()
	n := float64(j.rows)
	a, b, e := j.coefficients[:c], j.coefficients[c:2*c], j.coefficients[2*c:]
	for i := range c {
		inv := float64(invStd[i])
		slope := float64(gamma[i]) * inv
		dbeta[i] = T(j.first[i])
		dgamma[i] = T(j.second[i] * inv)
		a[i] = T(slope)
		b[i] = T(-slope * inv * inv * j.second[i] / n)
		e[i] = T(-slope * j.first[i] / n)
	}
	rows := rowJob[T]{routine: rowNormGrad, rows: j.rows, cols: c, x: j.x, dy: j.dy, out: dx, mean: mean, a: a, b: b, c: e}
	if j.routine == columnNormGradRelu {
		rows.routine, rows.scale, rows.shift = rowNormGradRelu, j.scale, j.shift
	}
	runRows(&rows)
	j.release(s)
}
