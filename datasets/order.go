package datasets

import "math/rand/v2"

// Order is the numbers 0 to n−1 shuffled as a function of seed and epoch alone: any epoch's order is there without the
// ones before.
func Order(n int, seed uint64, epoch int) []int32 {
	order := count(n)
	rand.New(rand.NewPCG(seed, uint64(epoch))).Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// count is the numbers 0 to n−1.
func count(n int) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	return order
}
