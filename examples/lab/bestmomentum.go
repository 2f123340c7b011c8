package main

import "math"

// reportBest finds the best μ for some condition numbers.
func reportBest(l *lab, r *report) (panel, error) {
	p := panel{title: "iterations against momentum", x: "momentum μ", y: "iterations", logY: true}
	seeds := pick(l, 5, 2, 1)
	kappas := pick(l, []float64{10, 100, 1000}, []float64{10, 100, 1000}, []float64{10})
	grid := pick(l, 0.01, 0.02, 0.1)
	mark := series{name: "theory's best μ", alone: true}
	for _, kappa := range kappas {
		theory := math.Pow((math.Sqrt(kappa)-1)/(math.Sqrt(kappa)+1), 2)
		s := series{name: sprintf("κ = %v", kappa)}
		var best, gains []float64
		for seed := range uint64(seeds) {
			rng := random(seed, 5)
			w := [2]float64{1 + rng.Float64(), 1 + rng.Float64()}
			least, at, plain := math.MaxInt, 0.0, 0
			for mu := 0.0; mu < 0.985; mu += grid {
				if err := l.say("κ %v, seed %d, μ %.2f", kappa, seed, mu); err != nil {
					return p, err
				}
				n, err := quickest(kappa, mu, w, pick(l, 24, 12, 6))
				if err != nil {
					return p, err
				}
				if mu == 0 {
					plain = n
				}
				if n < least {
					least, at = n, mu
				}
				if seed == 0 {
					s.x, s.y = append(s.x, mu), append(s.y, float64(n))
				}
			}
			best = append(best, at-theory)
			gains = append(gains, float64(plain)/float64(least))
		}
		r.find(sprintf("The best momentum for κ = %v is ((√κ−1)/(√κ+1))² = %.3f.", kappa, theory), "best μ found less theory's", over(best), within(-0.05, 0.05))
		p.add(s)
		mark.x, mark.y = append(mark.x, theory), append(mark.y, math.Exp(interpolate(s.x, s.y, theory)))
		if kappa == 100 {
			r.find("Momentum at its best takes about √κ times fewer iterations, for κ = 100.", "iterations of gradient descent at its best rate over those at the best μ", over(gains), within(5, 20))
		}
	}
	p.add(mark)
	r.set("valley", "two dimensions, curvatures 1 and κ, %d random starts; for each μ the best of %d rates up to the limit 2(1+μ)/κ, to a millionth of the first distance", seeds, pick(l, 24, 12, 6))
	r.set("bounds", "μ within 0.05, a few steps of the grid; a gain of √κ within a factor of 2, one of 10 within a fifth; damped is at most half")
	return p, nil
}

// interpolate is the logarithm of y at a place between two of x.
func interpolate(x, y []float64, at float64) float64 {
	for i := 1; i < len(x); i++ {
		if x[i] >= at {
			a := (at - x[i-1]) / (x[i] - x[i-1])
			return (1-a)*math.Log(y[i-1]) + a*math.Log(y[i])
		}
	}
	return math.Log(y[len(y)-1])
}

// quickest is the least number of iterations to a millionth of the first distance, over rates from a hundredth of the
// stable ones on.
func quickest(kappa, mu float64, w [2]float64, rates int) (int, error) {
	f, err := bowl(1, kappa)
	if err != nil {
		return 0, err
	}
	limit := 2 * (1 + mu) / kappa
	best := max(2000, 40*int(kappa))
	tried := []float64{limit * kappa / (kappa + 1)} // the best rate without momentum
	for k := range rates {
		tried = append(tried, limit*math.Pow(0.02, float64(k+1)/float64(rates)))
	}
	for _, rate := range tried {
		run, err := heavy(f, mu, rate, w[0], w[1])
		if err != nil {
			return 0, err
		}
		goal := 1e-6 * run.Weights().Norm()
		for k := 1; k < best; k++ {
			if _, err := run.Next(); err != nil {
				return 0, err
			}
			if run.Weights().Norm() <= goal && run.Gradient().Norm() <= goal*kappa {
				best = k
			}
		}
	}
	return best, nil
}
