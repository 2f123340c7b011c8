package solvers

// Pacer is what a Source implements that has a say in the length of the step, as STORM's rule has: the learning rate of each
// parameter is multiplied by Pace, which is asked for after each Next.
type Pacer interface {
	Pace() float64
}
