package kernel

// The steps of RMSProp: fresh is 1 − keep, rounded once from the number that it was given as.

// StepRMSProp takes the step of RMSProp:
//
//	square ← keep square + fresh g²
//	w ← w − rate g / (√square + eps)
func StepRMSProp[T Float](w, g, square []T, rate, keep, fresh, eps T) {
	routinesOf[T]().stepRMSProp(w, g, square, rate, keep, fresh, eps)
}

// StepRMSPropCentered is StepRMSProp scaled by the gradient's deviation in place of its size:
//
//	square ← keep square + fresh g²
//	mean ← keep mean + fresh g
//	w ← w − rate g / (√max(square − mean², 0) + eps)
func StepRMSPropCentered[T Float](w, g, square, mean []T, rate, keep, fresh, eps T) {
	routinesOf[T]().stepRMSPropCentered(w, g, square, mean, rate, keep, fresh, eps)
}

// StepRMSPropMomentum is StepRMSProp with a velocity of scaled gradients:
//
//	v ← mu v + g / (√square + eps)
//	w ← w − rate v
func StepRMSPropMomentum[T Float](w, g, square, v []T, rate, keep, fresh, eps, mu T) {
	routinesOf[T]().stepRMSPropMomentum(w, g, square, v, rate, keep, fresh, eps, mu)
}

// StepRMSPropCenteredMomentum is StepRMSPropCentered with a velocity of scaled gradients.
func StepRMSPropCenteredMomentum[T Float](w, g, square, mean, v []T, rate, keep, fresh, eps, mu T) {
	routinesOf[T]().stepRMSPropCenteredMomentum(w, g, square, mean, v, rate, keep, fresh, eps, mu)
}

func stepRMSPropGeneric[T Float](w, g, square []T, rate, keep, fresh, eps T) {
	g, square = g[:len(w)], square[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		w[i] -= T(rate*g[i]) / (root(s) + eps)
	}
}

func stepRMSPropCenteredGeneric[T Float](w, g, square, mean []T, rate, keep, fresh, eps T) {
	g, square, mean = g[:len(w)], square[:len(w)], mean[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		w[i] -= T(rate*g[i]) / (deviation(s, centered(mean, i, g[i], keep, fresh)) + eps)
	}
}

func stepRMSPropMomentumGeneric[T Float](w, g, square, v []T, rate, keep, fresh, eps, mu T) {
	g, square, v = g[:len(w)], square[:len(w)], v[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		u := T(mu*v[i]) + g[i]/(root(s)+eps)
		v[i] = u
		w[i] -= T(rate * u)
	}
}

func stepRMSPropCenteredMomentumGeneric[T Float](w, g, square, mean, v []T, rate, keep, fresh, eps, mu T) {
	g, square, mean, v = g[:len(w)], square[:len(w)], mean[:len(w)], v[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		u := T(mu*v[i]) + g[i]/(deviation(s, centered(mean, i, g[i], keep, fresh))+eps)
		v[i] = u
		w[i] -= T(rate * u)
	}
}

// centered moves an element of the mean towards g and returns it.
func centered[T Float](mean []T, i int, g, keep, fresh T) T {
	m := T(keep*mean[i]) + T(fresh*g)
	mean[i] = m
	return m
}

// deviation is the root of a variance, which rounding may have turned below 0. That of a NaN is 0.
func deviation[T Float](square, mean T) T {
	variance := square - T(mean*mean)
	if variance > 0 {
		return root(variance)
	}
	return 0
}
