package graph

import (
	"hash"
	"hash/fnv"
	"io"

	"gorgonia.org/gorgonia"
)

// mended is an op of Gorgonia's with a derivative of ours, because Gorgonia's is wrong or missing. Compile puts it in the op's place
// before it differentiates; a Program runs the op in it.
type mended struct {
	gorgonia.Op
	diff func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error)
	is   string // tells ops apart of which Gorgonia's hash is the same
}

// mends are the ops whose derivatives are mended, by what mendName says of them.
var mends = map[string]func(gorgonia.Op) *mended{
	"invSqrt":                       mendWith(diffInverseSqrt),
	"log2":                          mendWith(diffLog2),
	"^ false":                       mendWith(diffPow),
	outerProduct:                    mendWith(diffOuterProduct),
	"*gorgonia.maxOp":               mendMax,
	"gorgonia.concatOp":             mendConcat,
	"*gorgonia.sparsemaxOp":         mendSparsemax,
	"*gorgonia.globalAveragePoolOp": mendWith(diffGlobalPool),
}

func mendWith(diff func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error)) func(gorgonia.Op) *mended {
	return func(op gorgonia.Op) *mended { return &mended{Op: op, diff: diff} }
}

// mendName is what mends knows an op by: elementwise ops and products by how they print, others by their Go type.
func mendName(op gorgonia.Op) string {
	switch name := opType(op); name {
	case "gorgonia.elemUnaryOp", "gorgonia.elemBinOp", "gorgonia.linAlgBinOp":
		return op.String()
	default:
		return name
	}
}

// mend returns the op with a right derivative, the op itself where Gorgonia's is right, and whether it is another.
func mend(op gorgonia.Op) (right gorgonia.Op, other bool) {
	if op == nil {
		return nil, false
	}
	if m := mends[mendName(op)]; m != nil {
		return m(op), true
	}
	return op, false
}

// computed is the op that computes a node's value.
func computed(n *gorgonia.Node) gorgonia.Op {
	if m, ok := n.Op().(*mended); ok {
		return m.Op
	}
	return n.Op()
}

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
