// Package step holds the arithmetic of optimisers' steps.
package step

import "github.com/fallline/fallline/internal/kernel"

// The functions of this file are one chunk of an optimiser step each, single-threaded: the driver of a solver cuts the
// weights into chunks and threads them. They are the definitions of the rules' arithmetic. A product is rounded before
// it is added (there is no fused multiply-add), so that every kernel set gives the same bits.

// SGD takes the step of gradient descent:
//
//	w ← w − rate g
func SGD[T kernel.Float](w, g []T, rate T) { inUse[T]().sgd(w, g, rate) }

// Momentum takes the step of the heavy ball in PyTorch's form, with dampening:
//
//	v ← mu v + (1 − damp) g
//	w ← w − rate v
func Momentum[T kernel.Float](w, g, v []T, rate, mu, damp T) {
	inUse[T]().momentum(w, g, v, rate, mu, 1-damp)
}

// MomentumTextbook takes the step of the heavy ball with the rate inside the velocity:
//
//	v ← mu v − rate g
//	w ← w + v
func MomentumTextbook[T kernel.Float](w, g, v []T, rate, mu T) {
	inUse[T]().momentumTextbook(w, g, v, rate, mu)
}

// Nesterov takes the step of Nesterov's method in PyTorch's form, where w is the look-ahead point:
//
//	v ← mu v + g
//	w ← w − rate (g + mu v)
func Nesterov[T kernel.Float](w, g, v []T, rate, mu T) { inUse[T]().nesterov(w, g, v, rate, mu) }

// NesterovTextbook takes the step of Nesterov's method with the rate inside the velocity, where w is the look-ahead
// point and muNext the momentum of the coming step:
//
//	v ← mu v − rate g
//	w ← w + muNext v − rate g
func NesterovTextbook[T kernel.Float](w, g, v []T, rate, mu, muNext T) {
	inUse[T]().nesterovTextbook(w, g, v, rate, mu, muNext)
}
