package solvers

import "github.com/fallline/fallline/internal/kernel"

// workspace is the scratch memory of one task: it holds a chunk's arrays, or those of a whole parameter, while a step
// works on them. It grows to what is asked of it.
type workspace[T kernel.Float] struct {
	states  int         // arrays that the rule keeps
	state   [][]T       // the chunk's part of each, and the rule's scratch memory where it needs some
	state64 [][]float64 // the same, converted
	g       []T         // the gradient after clipping and L2
	scratch []T         // for the rule
	buffers [][]float64 // for conversion
	top     peak        // of what the task has looked at
}

// newWorkspace makes a workspace for a rule with so many state arrays, and perhaps scratch memory.
func newWorkspace[T kernel.Float](states int, scratch bool) *workspace[T] {
	arrays := states
	if scratch {
		arrays++
	}
	return &workspace[T]{
		states:  states,
		state:   make([][]T, arrays),
		state64: make([][]float64, arrays),
		buffers: make([][]float64, 3+states),
	}
}

// wide returns buffer i with n elements, whatever they are.
func (d *workspace[T]) wide(i, n int) []float64 { return grown(&d.buffers[i], n) }

// gradient returns room for n elements of a gradient.
func (d *workspace[T]) gradient(n int) []T { return grown(&d.g, n) }

// spare returns n elements of scratch memory for the rule.
func (d *workspace[T]) spare(n int) []T { return grown(&d.scratch, n) }

// grown returns the first n elements of a buffer, which is replaced where it has fewer.
func grown[T kernel.Float](buffer *[]T, n int) []T {
	if n > len(*buffer) {
		*buffer = make([]T, max(n, chunkLen))
	}
	return (*buffer)[:n]
}
