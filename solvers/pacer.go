package solvers

// Pacer is an optional interface of Source: it has a say in the length of the step, as STORM's rule has. The learning
// rate of each parameter is multiplied by Pace, which is asked for after each Next.
type Pacer interface {
	Pace() float64
}
