package step

import "github.com/fallline/fallline/internal/kernel"

func sgdGeneric[T kernel.Float](w, g []T, rate T) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= T(rate * g[i])
	}
}

func momentumGeneric[T kernel.Float](w, g, v []T, rate, mu, keep T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) + T(keep*g[i])
		v[i] = u
		w[i] -= T(rate * u)
	}
}

func momentumTextbookGeneric[T kernel.Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) - T(rate*g[i])
		v[i] = u
		w[i] += u
	}
}

func nesterovGeneric[T kernel.Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) + g[i]
		v[i] = u
		w[i] -= T(rate * (g[i] + T(mu*u)))
	}
}

func nesterovTextbookGeneric[T kernel.Float](w, g, v []T, rate, mu, muNext T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		d := T(rate * g[i])
		u := T(mu*v[i]) - d
		v[i] = u
		w[i] += T(muNext*u) - d
	}
}
