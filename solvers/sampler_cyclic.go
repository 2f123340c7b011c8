package solvers

// Cyclic draws every example once in each epoch, always in the order 0 to n−1. The last batch of an epoch is short
// where batch doesn't divide n, or where it would be too short for the objective, joins the one before it. Draw is the
// epoch.
func Cyclic(n, batch int) (Sampler, error) {
	if err := checkSampler("cyclic", n, batch); err != nil {
		return nil, err
	}
	s := &epochs{n: n, batch: batch}
	s.orders[0] = newOrder(n)
	return s, nil
}
