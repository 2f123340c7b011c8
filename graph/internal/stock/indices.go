package stock

import (
	"fmt"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// byIndicesKernel is the kernel that takes the given places of an axis. Gorgonia's own is right for the first axis of a
// matrix only.
func byIndicesKernel[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		x, y := tensors.Elements[T](in[0]), tensors.Elements[T](out)
		rows, n, inner := split(in[0].Shape(), axis)
		list := indexList(in[1], n)
		want("result", len(y), rows*len(list)*inner)
		for r := range rows {
			for i, k := range list {
				copy(y[(r*len(list)+i)*inner:][:inner], x[(r*n+k)*inner:])
			}
		}
	}
}

// byIndicesGradKernel is the kernel of its gradient: a place that was taken twice gets the sum.
func byIndicesGradKernel[T kernel.Float](axis int) Kernel {
	return func(out gorgonia.Value, in []gorgonia.Value) {
		dy, dx := tensors.Elements[T](in[1]), tensors.Elements[T](out)
		rows, n, inner := split(out.Shape(), axis)
		list := indexList(in[2], n)
		want("gradient", len(dy), rows*len(list)*inner)
		clear(dx)
		for r := range rows {
			for i, k := range list {
				from, to := dy[(r*len(list)+i)*inner:][:inner], dx[(r*n+k)*inner:][:inner]
				for j, v := range from {
					to[j] += v
				}
			}
		}
	}
}

// indexList is the elements of a tensor of ints. It panics on one that is no place of an axis of n.
func indexList(v gorgonia.Value, n int) []int {
	d, ok := v.(*tensor.Dense)
	if !ok || d.Dtype() != tensor.Int {
		panic(fmt.Sprintf("indices of type %v, want a tensor of int", v.Dtype()))
	}
	list := tensors.Elements[int](d)
	for _, k := range list {
		if k < 0 || k >= n {
			panic(fmt.Sprintf("index %d of an axis of %d", k, n))
		}
	}
	return list
}
