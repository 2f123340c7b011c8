package kernel

// BatchNormStats writes the mean and the biased variance of each of the c channels of x (rows × c, rows ≥ 1), summed in
// float64.
//
// What is summed is x less the channel's first sample. Since (sample − mean)² ≤ rows · variance, the subtraction
// Σd² − (Σd)²/rows then loses a factor of rows in accuracy at worst, however far the mean is from 0.
func BatchNormStats[T Float](rows, c int, x []T, mean, variance []float64) {
	s := stashOf[T, columnJob[T]](&columnJobs)
	j := s.get()
	j.open(columnNorm, rows, c, x)
	for i := range c {
		j.center[i] = float64(x[i])
	}
	j.run()
	n := float64(rows)
	for i, first := range j.center[:c] {
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
	j := rowJob[T]{routine: rowNorm, rows: rows, cols: c, x: x, out: y}
	j.by.scale, j.by.shift = scale, shift
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
	normGrad(rows, c, x, dy, nil, nil, mean, invStd, gamma, dx, dgamma, dbeta)
}

// BatchNormReluGrad is BatchNormGrad where a relu follows, BatchNormApply's: dy counts as 0 unless scale x + shift > 0.
func BatchNormReluGrad[T Float](rows, c int, x, dy, scale, shift []T, mean, invStd []T, gamma []T, dx, dgamma, dbeta []T) {
	normGrad(rows, c, x, dy, scale, shift, mean, invStd, gamma, dx, dgamma, dbeta)
}

// normGrad makes a pass for the sums, and one for dx as a dy + b (x − mean) + e. A nil scale is no relu.
func normGrad[T Float](rows, c int, x, dy, scale, shift, mean, invStd, gamma, dx, dgamma, dbeta []T) {
	sum, apply := columnNormGrad, rowNormGrad
	if scale != nil {
		sum, apply = columnNormGradRelu, rowNormGradRelu
	}
	s := stashOf[T, columnJob[T]](&columnJobs)
	j := s.get()
	j.open(sum, rows, c, x)
	j.dy, j.scale, j.shift = dy, scale, shift
	for i := range c {
		j.center[i] = float64(mean[i])
	}
	j.run()
	n := float64(rows)
	j.operands = resize(j.operands, 3*c)
	a, b, e := j.operands[:c], j.operands[c:2*c], j.operands[2*c:]
	for i := range c {
		inv := float64(invStd[i])
		slope := float64(gamma[i]) * inv
		dbeta[i] = T(j.first[i])
		dgamma[i] = T(j.second[i] * inv)
		a[i] = T(slope)
		b[i] = T(-slope * inv * inv * j.second[i] / n)
		e[i] = T(-slope * j.first[i] / n)
	}
	runRows(&rowJob[T]{routine: apply, rows: rows, cols: c, x: x, dy: dy, out: dx,
		by: operandsByColumn[T]{a: a, b: b, c: e, scale: scale, shift: shift, mean: mean}})
	j.release(s)
}
