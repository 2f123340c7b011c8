package schedules

// Time is where a training run stands, before the iteration that asks.
type Time struct {
	Step int64 // iterations done
	Seen int64 // examples seen
	N    int64 // examples in an epoch; 0 where nobody counts them
}

// Epoch is how many epochs are done, as a fraction: Seen/N, whatever the batch size does meanwhile. It is 0 where N is.
func (t Time) Epoch() float64 {
	if t.N <= 0 {
		return 0
	}
	return float64(t.Seen) / float64(t.N)
}
