package solvers

import "fmt"

// Diverged is the error of an iteration whose gradient has a NaN or an infinity in it, which mostly is because the rate is too high. The
// weights are those before the iteration. A search for rates finds it by errors.As:
//
//	var diverged *solvers.Diverged
//	if errors.As(err, &diverged) { ... }
type Diverged struct {
	Parameter string  // the first that is concerned
	Element   int     // the first one of it
	Value     float64 // NaN or an infinity
	Iteration int64   // iterations done before
}

// Error says what was found and where.
func (d *Diverged) Error() string {
	return fmt.Sprintf("solvers: gradient of %q is %v (element %d) at iteration %d", d.Parameter, d.Value, d.Element, d.Iteration)
}
