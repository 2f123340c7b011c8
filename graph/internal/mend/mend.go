// Package mend knows what Gorgonia computes wrong, and says so or sets it right: Refuse and RefuseDerivatives find what
// can't be mended, Op gives an op the derivative that Gorgonia's lacks or has wrong, and Untrue tells whose own results
// may be wrong, so that a kernel must stand in.
package mend

import (
	"hash"
	"hash/fnv"
	"io"

	"github.com/fallline/fallline/graph/internal/gate"
	"gorgonia.org/gorgonia"
)

// mended is an op of Gorgonia's with a derivative of ours, because Gorgonia's is wrong or missing. It stands in the
// op's place before the graph is differentiated; a program runs the op in it.
type mended struct {
	gorgonia.Op
	diff derivative
	is   string // tells ops apart of which Gorgonia's hash is the same
}

// derivative adds the derivatives by an op's arguments to the graph: of its result y, by which the cost's derivative is
// dy.
type derivative func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error)

// mendingOf is the derivative of ours for an op, or nil where Gorgonia's is right.
func mendingOf(op gate.Op) derivative {
	switch op.Kind {
	case gate.Unary:
		switch op.Function {
		case gate.InverseSqrt:
			return diffInverseSqrt
		case gate.Log2:
			return diffLog2
		}
	case gate.Binary:
		if op.Function == gate.Power {
			return diffPow
		}
	case gate.Product:
		if op.Function == gate.Outer {
			return diffOuterProduct
		}
	case gate.Max:
		return mendMax(op)
	case gate.Concat:
		return mendConcat(op)
	case gate.Sparsemax:
		return mendSparsemax(op)
	case gate.GlobalAveragePool:
		return diffGlobalPool
	}
	return nil
}

// Op returns a node's op with a right derivative, the op itself where it has one, and whether it is another.
func Op(n *gate.Node) (right gorgonia.Op, other bool) {
	op := n.Expr.Op()
	if isMended(n) {
		return op, false
	}
	if diff := mendingOf(n.Op); diff != nil {
		return &mended{Op: op, diff: diff}, true
	}
	return op, false
}

// isMended says whether a node's op has a derivative of ours.
func isMended(n *gate.Node) bool {
	_, ok := n.Expr.Op().(*mended)
	return ok
}

// Wrapped is the op that computes the value.
func (m *mended) Wrapped() gorgonia.Op { return m.Op }

// DiffWRT says that there is a derivative by every argument.
func (m *mended) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	for i := range wrt {
		wrt[i] = true
	}
	return wrt
}

// SymDiff adds the derivative to the graph.
func (m *mended) SymDiff(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	return m.diff(in, y, dy)
}

// WriteHash keeps the op apart from the one in it.
func (m *mended) WriteHash(h hash.Hash) {
	io.WriteString(h, "mended "+m.is)
	m.Op.WriteHash(h)
}

// Hashcode is the hash of WriteHash.
func (m *mended) Hashcode() uint32 { return hashcode(m) }

// hashcode is an op's hash by its WriteHash.
func hashcode(op gorgonia.Op) uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}
