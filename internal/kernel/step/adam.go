package step

import "github.com/fallline/fallline/internal/kernel"

// AdamTerms are the numbers of a step of Adam or AMSGrad. Fresh1 and Fresh2 are 1 − Keep1 and 1 − Keep2, rounded once
// from the numbers that those were given as.
type AdamTerms[T kernel.Float] struct {
	Rate, Root, Eps              T
	Keep1, Fresh1, Keep2, Fresh2 T
}

// Adam takes the step of Adam; the corrections of its means for their start at 0 are in Rate and Root:
//
//	mean ← keep1 mean + fresh1 g
//	square ← keep2 square + fresh2 g²
//	w ← w − rate mean / (root √square + eps)
func Adam[T kernel.Float](w, g, mean, square []T, t AdamTerms[T]) {
	inUse[T]().adam(w, g, mean, square, t.Rate, t.Root, t.Eps, t.Keep1, t.Fresh1, t.Keep2, t.Fresh2)
}

// AMSGrad is Adam scaled by the greatest mean square so far:
//
//	top ← max(top, square)
//	w ← w − rate mean / (root √top + eps)
func AMSGrad[T kernel.Float](w, g, mean, square, top []T, t AdamTerms[T]) {
	inUse[T]().amsGrad(w, g, mean, square, top, t.Rate, t.Root, t.Eps, t.Keep1, t.Fresh1, t.Keep2, t.Fresh2)
}

func adamGeneric[T kernel.Float](w, g, mean, square []T, rate, root1, eps, keep1, fresh1, keep2, fresh2 T) {
	g, mean, square = g[:len(w)], mean[:len(w)], square[:len(w)]
	for i := range w {
		m := T(keep1*mean[i]) + T(fresh1*g[i])
		s := T(keep2*square[i]) + T(fresh2*T(g[i]*g[i]))
		mean[i], square[i] = m, s
		w[i] -= T(rate*m) / (T(root(s)*root1) + eps)
	}
}

func amsGradGeneric[T kernel.Float](w, g, mean, square, top []T, rate, root1, eps, keep1, fresh1, keep2, fresh2 T) {
	g, mean, square, top = g[:len(w)], mean[:len(w)], square[:len(w)], top[:len(w)]
	for i := range w {
		m := T(keep1*mean[i]) + T(fresh1*g[i])
		s := T(keep2*square[i]) + T(fresh2*T(g[i]*g[i]))
		mean[i], square[i] = m, s
		if s > top[i] {
			top[i] = s
		}
		w[i] -= T(rate*m) / (T(root(top[i])*root1) + eps)
	}
}
