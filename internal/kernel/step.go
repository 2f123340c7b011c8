package kernel

// The functions of this file are one chunk of an optimiser step each, single-threaded: the driver of a solver cuts the
// weights into chunks and threads them. They are the definitions of the rules' arithmetic. A product is rounded before it
// is added (there is no fused multiply-add), so that every kernel set gives the same bits.

// StepSGD takes the step of gradient descent:
//
//	w ← w − rate g
func StepSGD[T Float](w, g []T, rate T) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= T(rate * g[i])
	}
}

// StepMomentum takes the step of the heavy ball in PyTorch's form, with dampening:
//
//	v ← mu v + (1 − damp) g
//	w ← w − rate v
func StepMomentum[T Float](w, g, v []T, rate, mu, damp T) {
	g, v = g[:len(w)], v[:len(w)]
	keep := 1 - damp
	for i := range w {
		u := T(mu*v[i]) + T(keep*g[i])
		v[i] = u
		w[i] -= T(rate * u)
	}
}

// StepMomentumTextbook takes the step of the heavy ball with the rate inside the velocity:
//
//	v ← mu v − rate g
//	w ← w + v
func StepMomentumTextbook[T Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) - T(rate*g[i])
		v[i] = u
		w[i] += u
	}
}

// StepNesterov takes the step of Nesterov's method in PyTorch's form, where w is the look-ahead point:
//
//	v ← mu v + g
//	w ← w − rate (g + mu v)
func StepNesterov[T Float](w, g, v []T, rate, mu T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		u := T(mu*v[i]) + g[i]
		v[i] = u
		w[i] -= T(rate * (g[i] + T(mu*u)))
	}
}

// StepNesterovTextbook takes the step of Nesterov's method with the rate inside the velocity, where w is the look-ahead
// point and muNext the momentum of the coming step:
//
//	v ← mu v − rate g
//	w ← w + muNext v − rate g
func StepNesterovTextbook[T Float](w, g, v []T, rate, mu, muNext T) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		d := T(rate * g[i])
		u := T(mu*v[i]) - d
		v[i] = u
		w[i] += T(muNext*u) - d
	}
}
