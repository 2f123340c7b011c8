package mend

import (
	"fmt"

	"github.com/fallline/fallline/graph/internal/gate"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// mendConcat gives gorgonia.Concat its derivative in slices that are nodes of their own: Gorgonia takes slices of one
// length for the same if their bounds are equal in the last byte, so that two arguments of 256 elements along the axis
// get one gradient.
func mendConcat(op gate.Op) derivative {
	axis := op.Axis
	return func(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		grads := make(gorgonia.Nodes, len(in))
		at := 0
		for i, x := range in {
			n := x.Shape()[axis]
			part, err := sliceNode(dy, axis, at, at+n)
			if err == nil && n == 1 { // a slice of one element has no such axis
				part, err = gorgonia.Reshape(part, x.Shape().Clone())
			}
			if err != nil {
				return nil, err
			}
			grads[i] = part
			at += n
		}
		return grads, nil
	}
}

// sliceNode is a slice of a node, which isn't merged with another of other bounds.
func sliceNode(x *gorgonia.Node, axis, lo, hi int) (*gorgonia.Node, error) {
	twin := gorgonia.NewTensor(gorgonia.NewGraph(), x.Dtype(), x.Dims(), gorgonia.WithShape(x.Shape()...), gorgonia.WithName("x"))
	bounds := make([]tensor.Slice, axis+1) // the op of the last is the one for the axis
	bounds[axis] = gorgonia.S(lo, hi)
	s, err := gorgonia.Slice(twin, bounds...)
	if err != nil {
		return nil, err
	}
	op := s.Op()
	return gorgonia.ApplyOp(&mended{Op: op, is: fmt.Sprintf("%d:%d ", lo, hi), diff: op.(gorgonia.SDOp).SymDiff}, x)
}

// mergedParts says whether two arguments of a gorgonia.Concat get one gradient of gorgonia.Grad.
func mergedParts(n *gate.Node, f *gate.Form) bool {
	at, seen := 0, make(map[[2]byte]bool)
	for _, k := range n.Inputs {
		size := f.Nodes[k].Shape[n.Axis]
		bounds := [2]byte{byte(at), byte(at + size)}
		if seen[bounds] {
			return true
		}
		seen[bounds] = true
		at += size
	}
	return false
}
