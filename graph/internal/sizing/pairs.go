package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
)

// pairs lists for each node the earlier ones that have its shape at any batch, because one is the gradient of the
// other, or one of several that add up to it.
func pairs(f *gate.Form) [][]int {
	of := make([][]int, len(f.Nodes)) // by gradient
	for k := range f.Nodes {
		if d := f.Nodes[k].Expr.Deriv(); d != nil {
			if i, ok := f.Find(d); ok {
				of[i] = append(of[i], k)
			}
		}
	}
	for i := len(f.Nodes) - 1; i >= 0; i-- {
		n := &f.Nodes[i]
		if len(of[i]) == 0 || n.Kind != gate.Binary || n.Function != gate.Add {
			continue
		}
		for _, k := range n.Inputs {
			if tensors.Same(f.Nodes[k].Shape, n.Shape) {
				of[k] = append(of[k], of[i]...)
			}
		}
	}
	like := make([][]int, len(f.Nodes))
	for i, list := range of {
		for _, k := range list {
			if lo, hi := min(i, k), max(i, k); lo != hi {
				like[hi] = append(like[hi], lo)
			}
		}
	}
	return like
}
