package step

import "github.com/fallline/fallline/internal/kernel"

// The steps of RMSProp: fresh is 1 − keep, rounded once from the number that it was given as.

// RMSProp takes the step of RMSProp:
//
//	square ← keep square + fresh g²
//	w ← w − rate g / (√square + eps)
func RMSProp[T kernel.Float](w, g, square []T, rate, keep, fresh, eps T) {
	inUse[T]().rmsProp(w, g, square, rate, keep, fresh, eps)
}

// RMSPropCentered is RMSProp scaled by the gradient's deviation in place of its size:
//
//	square ← keep square + fresh g²
//	mean ← keep mean + fresh g
//	w ← w − rate g / (√max(square − mean², 0) + eps)
func RMSPropCentered[T kernel.Float](w, g, square, mean []T, rate, keep, fresh, eps T) {
	inUse[T]().rmsPropCentered(w, g, square, mean, rate, keep, fresh, eps)
}

// RMSPropMomentum is RMSProp with a velocity of scaled gradients:
//
//	v ← mu v + g / (√square + eps)
//	w ← w − rate v
func RMSPropMomentum[T kernel.Float](w, g, square, v []T, rate, keep, fresh, eps, mu T) {
	inUse[T]().rmsPropMomentum(w, g, square, v, rate, keep, fresh, eps, mu)
}

// RMSPropCenteredMomentum is RMSPropCentered with a velocity of scaled gradients.
func RMSPropCenteredMomentum[T kernel.Float](w, g, square, mean, v []T, rate, keep, fresh, eps, mu T) {
	inUse[T]().rmsPropCenteredMomentum(w, g, square, mean, v, rate, keep, fresh, eps, mu)
}

func rmsPropGeneric[T kernel.Float](w, g, square []T, rate, keep, fresh, eps T) {
	g, square = g[:len(w)], square[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		w[i] -= T(rate*g[i]) / (root(s) + eps)
	}
}

func rmsPropCenteredGeneric[T kernel.Float](w, g, square, mean []T, rate, keep, fresh, eps T) {
	g, square, mean = g[:len(w)], square[:len(w)], mean[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		w[i] -= T(rate*g[i]) / (deviation(s, centered(mean, i, g[i], keep, fresh)) + eps)
	}
}

func rmsPropMomentumGeneric[T kernel.Float](w, g, square, v []T, rate, keep, fresh, eps, mu T) {
	g, square, v = g[:len(w)], square[:len(w)], v[:len(w)]
	for i := range w {
		s := T(keep*square[i]) + T(fresh*T(g[i]*g[i]))
		square[i] = s
		u := T(mu*v[i]) + g[i]/(root(s)+eps)
		v[i] = u
		w[i] -= T(rate * u)
	}
}

func rmsPropCenteredMomentumGeneric[T kernel.Float](w, g, square, mean, v []T, rate, keep, fresh, eps, mu T) {
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
func centered[T kernel.Float](mean []T, i int, g, keep, fresh T) T {
	m := T(keep*mean[i]) + T(fresh*g)
	mean[i] = m
	return m
}

// deviation is the root of a variance, which rounding may have turned below 0. That of a NaN is 0.
func deviation[T kernel.Float](square, mean T) T {
	variance := square - T(mean*mean)
	if variance > 0 {
		return root(variance)
	}
	return 0
}
