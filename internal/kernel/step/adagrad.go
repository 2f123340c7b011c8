package step

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
)

// AdaGrad takes the step of AdaGrad:
//
//	square ← square + g²
//	w ← w − rate g / (√square + eps)
func AdaGrad[T kernel.Float](w, g, square []T, rate, eps T) {
	inUse[T]().adaGrad(w, g, square, rate, eps)
}

func adaGradGeneric[T kernel.Float](w, g, square []T, rate, eps T) {
	g, square = g[:len(w)], square[:len(w)]
	for i := range w {
		s := square[i] + T(g[i]*g[i])
		square[i] = s
		w[i] -= T(rate*g[i]) / (root(s) + eps)
	}
}

// root is √x, rounded once.
func root[T kernel.Float](x T) T { return T(math.Sqrt(float64(x))) }
