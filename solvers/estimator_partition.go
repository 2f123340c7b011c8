package solvers

import "math/rand/v2"

// partition cuts the examples into blocks of a size, the last one perhaps smaller, or larger where it would have fewer
// than least examples, in an order that is a function of a seed: data that is sorted by class gives mixed blocks all
// the same.
type partition struct {
	size  int
	count int     // blocks
	order []int32 // the examples, block after block
	block []int32 // of each example
}

func newPartition(n, size, least int, seed uint64) partition {
	p := partition{size: size, count: blocksOf(n, size, least), order: newOrder(n).index, block: make([]int32, n)}
	if size > 1 {
		var pcg rand.PCG
		stream(&pcg, seed, -1)
		for i := n - 1; i > 0; i-- {
			j := below(&pcg, uint64(i)+1)
			p.order[i], p.order[j] = p.order[j], p.order[i]
		}
	}
	for k, i := range p.order {
		p.block[i] = int32(min(k/size, p.count-1))
	}
	return p
}

// blocksOf is how many blocks of a size n examples have, the last of which has at least so many.
func blocksOf(n, size, least int) int {
	count := (n + size - 1) / size
	if count > 1 && n-(count-1)*size < least {
		count--
	}
	return count
}

// batch is a block.
func (p *partition) batch(block int) []int32 {
	end := (block + 1) * p.size
	if block == p.count-1 {
		end = len(p.order)
	}
	return p.order[block*p.size : end]
}

// share is a block's part of the examples.
func (p *partition) share(block int) float64 {
	return float64(len(p.batch(block))) / float64(len(p.order))
}
