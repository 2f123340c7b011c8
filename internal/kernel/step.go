package kernel

// The functions of this file are one chunk of an optimiser step each, single-threaded: the driver of a solver cuts the
// weights into chunks and threads them. They are the definitions of the rules' arithmetic. A product is rounded before it
// is added (there is no fused multiply-add), so that every kernel set gives the same bits.

// StepSGD takes the step of gradient descent:
//
//	w ← w − rate g
func StepSGD[T Float](w, g []T, rate T) { routinesOf[T]().stepSGD(w, g, rate) }

// StepMomentum takes the step of the heavy ball in PyTorch's form, with dampening:
//
//	v ← mu v + (1 − damp) g
//	w ← w − rate v
func StepMomentum[T Float](w, g, v []T, rate, mu, damp T) {
	routinesOf[T]().stepMomentum(w, g, v, rate, mu, 1-damp)
}

// StepMomentumTextbook takes the step of the heavy ball with the rate inside the velocity:
//
//	v ← mu v − rate g
//	w ← w + v
func StepMomentumTextbook[T Float](w, g, v []T, rate, mu T) {
	routinesOf[T]().stepMomentumTextbook(w, g, v, rate, mu)
}

// StepNesterov takes the step of Nesterov's method in PyTorch's form, where w is the look-ahead point:
//
//	v ← mu v + g
//	w ← w − rate (g + mu v)
func StepNesterov[T Float](w, g, v []T, rate, mu T) { routinesOf[T]().stepNesterov(w, g, v, rate, mu) }

// StepNesterovTextbook takes the step of Nesterov's method with the rate inside the velocity, where w is the look-ahead
// point and muNext the momentum of the coming step:
//
//	v ← mu v − rate g
//	w ← w + muNext v − rate g
func StepNesterovTextbook[T Float](w, g, v []T, rate, mu, muNext T) {
	routinesOf[T]().stepNesterovTextbook(w, g, v, rate, mu, muNext)
}
