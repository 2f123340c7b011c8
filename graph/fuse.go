package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Fuser is an optional interface of gorgonia.Op: it may do its consumer's work along with its own, as an affine map can apply the rectifier that
// follows it.
//
// Fuse returns an op that maps this op's arguments to next's result, and whether there is one. Compile asks when next takes this op's
// result and nothing else, and nobody but next takes it. The op it returns must be right in its derivative too, and may be a Fuser itself.
type Fuser interface {
	gorgonia.Op
	Fuse(next gorgonia.Op) (fused gorgonia.Op, ok bool)
}

// rewrite rewrites what the roots need: ops with a wrong derivative are mended, and where fuse is true nodes that an op absorbs disappear.
// Nodes above them are applied anew. Nothing is taken out of the graph, so that the nodes a user holds stay what they are; s.twin says
// which node computes them now.
func (s *sources) rewrite(c *children, fuse bool) error {
	roots := s.roots()
	order := c.order(nil, roots)
	consumers := make(map[*gorgonia.Node]int)
	for _, n := range order {
		for _, child := range c.list(n) {
			consumers[child]++
		}
	}
	for _, n := range roots {
		consumers[n]++
	}
	for _, n := range order {
		list := c.list(n)
		if len(list) == 0 {
			continue
		}
		args := make(gorgonia.Nodes, len(list))
		moved := false
		for i, child := range list {
			args[i] = s.actual(child)
			moved = moved || args[i] != child
		}
		op, mended := mend(n.Op())
		moved = moved || mended
		if fuse && len(list) == 1 && consumers[list[0]] == 1 && args[0].Op() != nil {
			if f, ok := args[0].Op().(Fuser); ok {
				if fused, ok := f.Fuse(op); ok {
					op, args, moved = fused, append(gorgonia.Nodes(nil), c.list(args[0])...), true
				}
			}
		}
		if !moved {
			continue
		}
		twin, err := gorgonia.ApplyOp(op, args...)
		if err != nil {
			return errors.Wrapf(err, "graph: applying op %v in place of node %s", op, n.Name())
		}
		s.twin[n] = twin
		c.of[twin] = args
	}
	return nil
}
