package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// differentiate adds the derivatives of the cost by the parameters to the graph.
func differentiate(cost *gorgonia.Node, stale bool, params gorgonia.Nodes) error {
	if stale {
		f, err := gate.Read(gorgonia.Nodes{cost}, nil)
		if err != nil {
			return err
		}
		if !sortsRight(cost, f) {
			return errors.New("graph: Gorgonia replaced log(1+x) in this graph and lost count of its nodes, so that its Grad would be wrong: write Log1p(x)")
		}
	}
	var err error
	perr := gate.Protect(func() error {
		_, err = gorgonia.Grad(cost, params...)
		return nil
	})
	if perr != nil {
		err = perr
	}
	return errors.Wrapf(err, "graph: gorgonia.Grad of %s", cost.Name())
}

// sortsRight says whether Gorgonia sorts the graph below the cost right, in spite of its stale index: that is what its
// Grad goes by.
func sortsRight(cost *gorgonia.Node, f *gate.Form) bool {
	sorted, err := gorgonia.Sort(cost.Graph())
	if err != nil {
		return false
	}
	place := make(map[*gorgonia.Node]int, len(sorted))
	for i, n := range sorted {
		if _, twice := place[n]; twice {
			return false
		}
		place[n] = i
	}
	for i := range f.Nodes {
		at, ok := place[f.Nodes[i].Expr]
		if !ok {
			return false
		}
		for _, child := range f.Exprs(i) {
			if below, ok := place[child]; !ok || below <= at {
				return false
			}
		}
	}
	return true
}

// The states of a node, going down from the cost.
const (
	unreached = iota
	blocked   // reached, but only past an op without derivative
	smooth
)

// checkDerivable finds, before gorgonia.Grad fails with less to say, a parameter that the cost doesn't depend on and an
// op without derivative between the two.
func checkDerivable(cost *gorgonia.Node, f *gate.Form, params gorgonia.Nodes) error {
	below := belowCost(cost, f)
	state := make([]int, len(f.Nodes))
	blocker := make([]*gorgonia.Node, len(f.Nodes))
	top, _ := f.Find(cost)
	state[top] = smooth
	for i := top; i >= 0; i-- {
		if !below[i] {
			continue
		}
		n := &f.Nodes[i]
		wrt, err := derivable(n)
		if err != nil {
			return errors.Wrapf(err, "graph: node %s: DiffWRT", n.Expr.Name())
		}
		for j, k := range n.Inputs {
			if state[i] == smooth && wrt[j] {
				state[k] = smooth
				continue
			}
			if state[k] == unreached {
				state[k] = blocked
				if blocker[k] = n.Expr; state[i] == blocked {
					blocker[k] = blocker[i]
				}
			}
		}
	}
	for _, p := range params {
		i, ok := f.Find(p)
		switch {
		case !ok || state[i] == unreached:
			return errors.Errorf("graph: the cost does not depend on parameter %q", p.Name())
		case state[i] == blocked:
			b := blocker[i]
			return errors.Errorf("graph: op %v of node %s has no derivative and is on the way from the cost to parameter %q", b.Op(), b.Name(), p.Name())
		}
	}
	return nil
}

// derivable says by which of its arguments a node has a derivative.
func derivable(n *gate.Node) (wrt []bool, err error) {
	args := len(n.Inputs)
	right, _ := mend.Op(n)
	op, ok := right.(gorgonia.SDOp)
	if !ok || args == 0 {
		return make([]bool, args), nil
	}
	err = gate.Protect(func() error {
		wrt = op.DiffWRT(args)
		return nil
	})
	for len(wrt) < args {
		wrt = append(wrt, false)
	}
	return wrt, err
}
