package kernel

func stepSGDGeneric[T Float](w, g []T, rate T) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= T(rate * g[i])
	}
}

func stepMomentumGeneric[T Float](w, g, v []T, rate, mu, keep T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) + T(keep*g[i])
		v[i] = u
		w[i] -= T(rate * u)
	}
}

func stepMomentumTextbookGeneric[T Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) - T(rate*g[i])
		v[i] = u
		w[i] += u
	}
}

func stepNesterovGeneric[T Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) + g[i]
		v[i] = u
		w[i] -= T(rate * (g[i] + T(mu*u)))
	}
}

func stepNesterovTextbookGeneric[T Float](w, g, v []T, rate, mu, muNext T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		d := T(rate * g[i])
		u := T(mu*v[i]) - d
		v[i] = u
		w[i] += T(muNext*u) - d
	}
}
