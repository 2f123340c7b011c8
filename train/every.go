package train

import "github.com/pkg/errors"

// Every says how often something is done.
type Every struct{ epochs, iterations int }

// EveryEpochs is at the end of each n-th epoch.
func EveryEpochs(n int) Every { return Every{epochs: n} }

// EveryIterations is after each n-th iteration.
func EveryIterations(n int) Every { return Every{iterations: n} }

// join makes one of the zero or one that an option was given.
func join(option string, every []Every) (Every, error) {
	if len(every) == 0 {
		return EveryEpochs(1), nil
	}
	e := every[0]
	if len(every) > 1 {
		return e, errors.Errorf("%s: said %d times how often, want once", option, len(every))
	}
	if e.epochs < 1 && e.iterations < 1 {
		return e, errors.Errorf("%s: every %d, want at least 1", option, min(e.epochs, e.iterations))
	}
	return e, nil
}

// due says whether it is time: ended is whether an epoch has just ended, and epochs and iterations are how many are
// done.
func (e Every) due(ended bool, epochs, iterations int64) bool {
	if e.iterations > 0 {
		return iterations%int64(e.iterations) == 0
	}
	return e.epochs > 0 && ended && epochs%int64(e.epochs) == 0
}
