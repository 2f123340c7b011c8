package solvers

import "github.com/fallline/fallline/internal/kernel"

// desk is the scratch memory of one task: it holds a chunk's arrays while a step works on them.
type desk[T kernel.Float] struct {
	g       []T         // the gradient after clipping and L2
	state   [][]T       // the chunk's part of each state array
	state64 [][]float64 // the same, converted
	buffers [][]float64 // for conversion, made when one is needed
	top     peak        // of what the task has looked at
}

func newDesk[T kernel.Float](states int) *desk[T] {
	return &desk[T]{
		g:       make([]T, chunkLen),
		state:   make([][]T, states),
		state64: make([][]float64, states),
		buffers: make([][]float64, 2+states),
	}
}

// wide returns buffer i with n elements, whatever they are.
func (d *desk[T]) wide(i, n int) []float64 {
	if d.buffers[i] == nil {
		d.buffers[i] = make([]float64, chunkLen)
	}
	return d.buffers[i][:n]
}
