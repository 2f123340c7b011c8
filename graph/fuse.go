package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Fuser is an optional interface of gorgonia.Op: it may do its consumer's work along with its own, as an affine map can
// apply the rectifier that follows it.
//
// Fuse returns an op that maps this op's arguments to next's result, and whether there is one. Compile asks when next
// takes this op's result and nothing else, and nobody but next takes it. The op it returns must be right in its
// derivative too, and may be a Fuser itself.
type Fuser interface {
	gorgonia.Op
	Fuse(next gorgonia.Op) (fused gorgonia.Op, ok bool)
}

// rewrite rewrites what the roots need: ops with a wrong derivative are mended, and where fuse is true nodes that an op
// absorbs disappear. Nodes above them are applied anew. Nothing is taken out of the graph, so that the nodes a user
// holds stay what they are; s.twin says which node computes them now.
func (s *sources) rewrite(f *gate.Form, fuse bool) error {
	consumers := make([]int, len(f.Nodes))
	for i := range f.Nodes {
		for _, k := range f.Nodes[i].Inputs {
			consumers[k]++
		}
	}
	for _, n := range s.roots() {
		i, _ := f.Find(n)
		consumers[i]++
	}
	taken := make([]gorgonia.Nodes, len(f.Nodes)) // what computes a node takes, now
	for i := range f.Nodes {
		n := &f.Nodes[i]
		taken[i] = f.Exprs(i)
		if len(n.Inputs) == 0 {
			continue
		}
		moved := false
		for j, child := range taken[i] {
			taken[i][j] = s.actual(child)
			moved = moved || taken[i][j] != child
		}
		op, mended := mend.Op(n)
		moved = moved || mended
		if fuse && len(n.Inputs) == 1 && consumers[n.Inputs[0]] == 1 {
			if before, ok := taken[i][0].Op().(Fuser); ok {
				if fused, ok := before.Fuse(op); ok {
					op, moved = fused, true
					taken[i] = append(gorgonia.Nodes(nil), taken[n.Inputs[0]]...)
				}
			}
		}
		if !moved {
			continue
		}
		twin, err := gorgonia.ApplyOp(op, taken[i]...)
		if err != nil {
			return errors.Wrapf(err, "graph: applying op %v in place of node %s", op, n.Expr.Name())
		}
		s.twin[n.Expr] = twin
	}
	return nil
}
