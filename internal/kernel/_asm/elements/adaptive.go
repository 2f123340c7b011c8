package main

import . "github.com/mmcloughlin/avo/reg"

// adaptiveSteps emits the steps of rules that scale each element by what they have seen of its gradients.
func (e *emit) adaptiveSteps() {
	e.step("adaGrad", []string{"square"}, []string{"rate", "eps"}, func(e *emit, s *stepOperands) Register {
		square := s.store("square", e.add(s.kept["square"], e.mul(s.g, s.g)))
		return e.scaled(s, s.g, e.add(e.sqrt(square), s.rate["eps"]))
	})
	e.rmsProp("rmsProp", false, false)
	e.rmsProp("rmsPropCentered", true, false)
	e.rmsProp("rmsPropMomentum", false, true)
	e.rmsProp("rmsPropCenteredMomentum", true, true)
	e.adam("adam", false)
	e.adam("amsGrad", true)
}

// scaled is the weights after a step of rate along x, divided by d.
func (e *emit) scaled(s *stepOperands, x, d Register) Register {
	return e.sub(s.w, e.div(e.mul(s.rate["rate"], x), d))
}

// mix stores the running mean of the array with x and returns it.
func (e *emit) mix(s *stepOperands, array, keep, fresh string, x Register) Register {
	return s.store(array, e.add(e.mul(s.rate[keep], s.kept[array]), e.mul(s.rate[fresh], x)))
}

func (e *emit) rmsProp(name string, centered, momentum bool) {
	arrays, rates := []string{"square"}, []string{"rate", "keep", "fresh", "eps"}
	if centered {
		arrays = append(arrays, "mean")
	}
	if momentum {
		arrays, rates = append(arrays, "v"), append(rates, "mu")
	}
	e.step(name, arrays, rates, func(e *emit, s *stepOperands) Register {
		spread := e.mix(s, "square", "keep", "fresh", e.mul(s.g, s.g))
		if centered {
			mean := e.mix(s, "mean", "keep", "fresh", s.g)
			spread = e.max(e.sub(spread, e.mul(mean, mean)), e.zero())
		}
		d := e.add(e.sqrt(spread), s.rate["eps"])
		if !momentum {
			return e.scaled(s, s.g, d)
		}
		v := s.store("v", e.add(e.mul(s.rate["mu"], s.kept["v"]), e.div(s.g, d)))
		return e.sub(s.w, e.mul(s.rate["rate"], v))
	})
}

func (e *emit) adam(name string, greatest bool) {
	arrays := []string{"mean", "square"}
	if greatest {
		arrays = append(arrays, "top")
	}
	rates := []string{"rate", "root", "eps", "keep1", "fresh1", "keep2", "fresh2"}
	e.step(name, arrays, rates, func(e *emit, s *stepOperands) Register {
		mean := e.mix(s, "mean", "keep1", "fresh1", s.g)
		square := e.mix(s, "square", "keep2", "fresh2", e.mul(s.g, s.g))
		if greatest {
			square = s.store("top", e.max(square, s.kept["top"]))
		}
		return e.scaled(s, mean, e.add(e.mul(e.sqrt(square), s.rate["root"]), s.rate["eps"]))
	})
}
