package step

import "github.com/fallline/fallline/internal/kernel"

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions
// around them cut. All sets give the bits of the definitions, but for the signs of zeros and the bits of NaNs.
type routines[T kernel.Float] struct {
	sgd                     func(w, g []T, rate T)
	momentum                func(w, g, v []T, rate, mu, keep T)
	momentumTextbook        func(w, g, v []T, rate, mu T)
	nesterov                func(w, g, v []T, rate, mu T)
	nesterovTextbook        func(w, g, v []T, rate, mu, muNext T)
	adaGrad                 func(w, g, square []T, rate, eps T)
	rmsProp                 func(w, g, square []T, rate, keep, fresh, eps T)
	rmsPropCentered         func(w, g, square, mean []T, rate, keep, fresh, eps T)
	rmsPropMomentum         func(w, g, square, v []T, rate, keep, fresh, eps, mu T)
	rmsPropCenteredMomentum func(w, g, square, mean, v []T, rate, keep, fresh, eps, mu T)
	adam                    func(w, g, mean, square []T, rate, root, eps, keep1, fresh1, keep2, fresh2 T)
	amsGrad                 func(w, g, mean, square, top []T, rate, root, eps, keep1, fresh1, keep2, fresh2 T)
}

// definitions are the routines in plain Go.
func definitions[T kernel.Float]() routines[T] {
	return routines[T]{
		sgd:                     sgdGeneric[T],
		momentum:                momentumGeneric[T],
		momentumTextbook:        momentumTextbookGeneric[T],
		nesterov:                nesterovGeneric[T],
		nesterovTextbook:        nesterovTextbookGeneric[T],
		adaGrad:                 adaGradGeneric[T],
		rmsProp:                 rmsPropGeneric[T],
		rmsPropCentered:         rmsPropCenteredGeneric[T],
		rmsPropMomentum:         rmsPropMomentumGeneric[T],
		rmsPropCenteredMomentum: rmsPropCenteredMomentumGeneric[T],
		adam:                    adamGeneric[T],
		amsGrad:                 amsGradGeneric[T],
	}
}

// table holds the definitions; the generated tables put in what the faster sets have.
var table = kernel.NewTable(definitions[float32](), definitions[float64]())

// inUse returns the routines of the set in use.
func inUse[T kernel.Float]() *routines[T] { return kernel.Of[T, routines[T]](&table) }
