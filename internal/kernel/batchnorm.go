package kernel

// BatchNormStats writes the mean and the biased variance of each of the c channels of x (rows × c), summed in float64.
func BatchNormStats[T Float](rows, c int, x []T, mean, variance []float64) {
	for j := range c {
		// Shifted by a sample, the sums cancel at worst by a factor of rows: (shift−mean)² ≤ rows · variance.
		shift := float64(x[j])
		sum, square := 0.0, 0.0
		for r := range rows {
			d := float64(x[r*c+j]) - shift
			sum += d
			square += float64(d * d)
		}
		n := float64(rows)
		mean[j] = shift + sum/n
		variance[j] = max(0, (square-sum*sum/n)/n)
	}
}

// BatchNormApply sets y = scale x + shift by channel, for x (rows × c); with relu, y = max(scale x + shift, 0). y may be x.
func BatchNormApply[T Float](rows, c int, x []T, scale, shift []T, y []T, relu bool) {
	scale, shift = scale[:c], shift[:c]
	for r := range rows {
		from, to := x[r*c:(r+1)*c], y[r*c:(r+1)*c]
		for j, a := range scale {
			to[j] = T(from[j]*a) + shift[j]
		}
		if relu {
			Relu(to, to)
		}
	}
}

// BatchNormGrad is the gradient of batch normalisation by the statistics of the batch. With x̂ = (x − mean) invStd,
//
//	dbeta  = Σ_r dy
//	dgamma = Σ_r dy x̂
//	dx     = gamma invStd (dy − dbeta/rows − x̂ dgamma/rows)
//
// x, dy and dx are rows × c, the rest c long; dx may be dy. The sums are in float64.
func BatchNormGrad[T Float](rows, c int, x, dy []T, mean, invStd []T, gamma []T, dx, dgamma, dbeta []T) {
	n := float64(rows)
	for j := range c {
		m, inv := float64(mean[j]), float64(invStd[j])
		s0, s1 := 0.0, 0.0
		for r := range rows {
			d := float64(dy[r*c+j])
			s0 += d
			s1 += float64(d * (float64(x[r*c+j]) - m))
		}
		dbeta[j], dgamma[j] = T(s0), T(s1*inv)
		a := float64(gamma[j]) * inv
		for r := range rows {
			d := float64(dy[r*c+j]) - s0/n - (float64(x[r*c+j])-m)*inv*inv*s1/n
			dx[r*c+j] = T(a * d)
		}
	}
}
