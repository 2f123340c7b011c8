package gate

import (
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Node is a node of a graph in our own form.
type Node struct {
	Op
	Expr   *gorgonia.Node // the node of the expression graph, for messages, values and derivatives
	Inputs []int          // the nodes that its op takes, in order and with duplicates
	Shape  tensor.Shape   // in the graph as built
	Type   tensor.Dtype
}

// Computed is the op that computes the node's value; an input has none.
func (n *Node) Computed() gorgonia.Op { return Computed(n.Expr.Op()) }

// Form is a part of an expression graph in our own form.
type Form struct {
	Nodes   []Node // each behind those that it takes
	Forward int    // Nodes[:Forward] are what the roots need

	// Stale says that Gorgonia lost count of the graph's nodes: it removes a node when it replaces log(1+x), and leaves
	// its index by ID as it was.
	Stale bool

	index map[*gorgonia.Node]int
}

// Read reads what roots need, which must be of one graph, and behind it what more needs.
func Read(roots, more gorgonia.Nodes) (*Form, error) {
	w := walkFrom(append(slices.Clip(roots), more...))
	if err := w.add(roots); err != nil {
		return nil, err
	}
	w.form.Forward = len(w.form.Nodes)
	return w.form, w.add(more)
}

// Find returns the place of a node of the expression graph.
func (f *Form) Find(n *gorgonia.Node) (place int, ok bool) {
	place, ok = f.index[n]
	return place, ok
}

// Input is what a node takes at a place.
func (f *Form) Input(n *Node, at int) *Node { return &f.Nodes[n.Inputs[at]] }

// Exprs are the nodes of the expression graph that node i takes.
func (f *Form) Exprs(i int) gorgonia.Nodes {
	l := make(gorgonia.Nodes, len(f.Nodes[i].Inputs))
	for at, k := range f.Nodes[i].Inputs {
		l[at] = f.Nodes[k].Expr
	}
	return l
}

// Args are the nodes that a node of the form takes.
func (f *Form) Args(n *gorgonia.Node) gorgonia.Nodes { return f.Exprs(f.index[n]) }

// walk goes through an expression graph.
type walk struct {
	form  *Form
	graph *gorgonia.ExprGraph
	stack []visit
}

// walkFrom is a walk that has the roots before it.
func walkFrom(roots gorgonia.Nodes) *walk {
	w := &walk{form: &Form{index: make(map[*gorgonia.Node]int)}, graph: roots[0].Graph()}
	for _, n := range w.graph.AllNodes() {
		if w.graph.Node(n.ID()) != gonum.Node(n) {
			w.form.Stale = true
			w.graph = w.graph.ExactSubgraphRoots(roots...) // it has an index of its own
			break
		}
	}
	return w
}

// children are the nodes that a node takes.
func (w *walk) children(n *gorgonia.Node) (list gorgonia.Nodes) {
	for it := w.graph.From(n.ID()); it != nil && it.Next(); {
		list = append(list, it.Node().(*gorgonia.Node))
	}
	return list
}

// visit is a node that waits for those that it takes.
type visit struct {
	node     *gorgonia.Node
	children gorgonia.Nodes
	next     int // child
}

// onWay is the place of a node that was visited and isn't in the form yet.
const onWay = -1

// add puts what the roots need behind what the form has already.
func (w *walk) add(roots gorgonia.Nodes) error {
	for _, root := range roots {
		w.visit(root)
		for len(w.stack) > 0 {
			top := &w.stack[len(w.stack)-1]
			if top.next < len(top.children) {
				top.next++
				w.visit(top.children[top.next-1])
				continue
			}
			if err := w.form.append(top.node, top.children); err != nil {
				return err
			}
			w.stack = w.stack[:len(w.stack)-1]
		}
	}
	return nil
}

// visit stacks a node that is new.
func (w *walk) visit(n *gorgonia.Node) {
	if _, seen := w.form.index[n]; seen {
		return
	}
	w.form.index[n] = onWay
	w.stack = append(w.stack, visit{node: n, children: w.children(n)})
}

// append adds a node whose children are in the form.
func (f *Form) append(n *gorgonia.Node, children gorgonia.Nodes) error {
	op, err := OpOf(n.Op())
	if err != nil {
		return err
	}
	inputs := make([]int, len(children))
	for i, child := range children {
		inputs[i] = f.index[child]
	}
	f.index[n] = len(f.Nodes)
	f.Nodes = append(f.Nodes, Node{Op: op, Expr: n, Inputs: inputs, Shape: append(tensor.Shape(nil), n.Shape()...), Type: n.Dtype()})
	return nil
}
