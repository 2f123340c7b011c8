package graph

import (
	"strings"

	gonum "gonum.org/v1/gonum/graph"
	"gorgonia.org/gorgonia"
)

// children lists the arguments of nodes, in order and with duplicates.
type children struct {
	of    map[*gorgonia.Node]gorgonia.Nodes
	graph *gorgonia.ExprGraph
	stale bool
}

// childrenIn prepares to list the children of what the roots reach.
func childrenIn(roots gorgonia.Nodes) *children {
	c := &children{of: make(map[*gorgonia.Node]gorgonia.Nodes), graph: roots[0].Graph()}
	for _, n := range c.graph.AllNodes() {
		if c.graph.Node(n.ID()) != gonum.Node(n) {
			c.stale = true
			break
		}
	}
	if c.stale {
		// Gorgonia removes a node when it replaces log(1+x) and leaves its index by ID as it was; a subgraph has an index of its own.
		c.graph = c.graph.ExactSubgraphRoots(roots...)
	}
	return c
}

func (c *children) list(n *gorgonia.Node) gorgonia.Nodes {
	if l, ok := c.of[n]; ok {
		return l
	}
	var l gorgonia.Nodes
	for it := c.graph.From(n.ID()); it != nil && it.Next(); {
		l = append(l, it.Node().(*gorgonia.Node))
	}
	c.of[n] = l
	return l
}

// order appends what the roots need to done, arguments before the nodes that take them, and leaves out what is there already.
func (c *children) order(done gorgonia.Nodes, roots gorgonia.Nodes) gorgonia.Nodes {
	seen := make(map[*gorgonia.Node]bool, len(done))
	for _, n := range done {
		seen[n] = true
	}
	type frame struct {
		n    *gorgonia.Node
		next int
	}
	for _, root := range roots {
		if seen[root] {
			continue
		}
		seen[root] = true
		stack := []frame{{n: root}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			l := c.list(top.n)
			if top.next == len(l) {
				done = append(done, top.n)
				stack = stack[:len(stack)-1]
				continue
			}
			child := l[top.next]
			top.next++
			if !seen[child] {
				seen[child] = true
				stack = append(stack, frame{n: child})
			}
		}
	}
	return done
}

// isInput says whether the node is fed or is a weight: a node without an op.
func isInput(n *gorgonia.Node) bool { return n.Op() == nil }

// isConstant says whether the node's value is part of the graph.
func isConstant(n *gorgonia.Node) bool {
	name := opType(n.Op())
	return name == "gorgonia.constantScalar" || name == "gorgonia.constantTensor"
}

// named says whether an input was given a name. Gorgonia makes one up from the op, and an input has none.
func named(n *gorgonia.Node) bool {
	name := n.Name()
	return name != "" && !strings.HasPrefix(name, "%!s(<nil>)")
}
