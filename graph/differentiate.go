package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkParams validates the inputs that are to become weights.
func checkParams(cost *gorgonia.Node, o *options) error {
	seen := make(map[string]bool)
	var dt tensor.Dtype
	var first string
	check := func(nodes gorgonia.Nodes, what string) error {
		for i, n := range nodes {
			switch {
			case n == nil:
				return errors.Errorf("graph: %s %d is nil", what, i)
			case !isInput(n):
				return errors.Errorf("graph: %s %s is computed by an op, want an input", what, n.Name())
			case !named(n):
				return errors.Errorf("graph: %s %d of shape %v has no name", what, i, n.Shape())
			case seen[n.Name()]:
				return errors.Errorf("graph: the name %q is used twice among the weights", n.Name())
			case cost != nil && n.Graph() != cost.Graph():
				return errors.Errorf("graph: %s %q is of another graph than the cost", what, n.Name())
			}
			seen[n.Name()] = true
			d := n.Dtype()
			if d != tensor.Float32 && d != tensor.Float64 {
				return errors.Errorf("graph: %s %q has type %v, want float32 or float64", what, n.Name(), d)
			}
			if first == "" {
				first, dt = n.Name(), d
			}
			if d != dt {
				return errors.Errorf("graph: weights of two types: %q is %v, %q is %v", first, dt, n.Name(), d)
			}
		}
		return nil
	}
	if err := check(o.params, "parameter"); err != nil {
		return err
	}
	return check(o.frozen, "frozen input")
}

// differentiated collects the inputs below the cost that carry a derivative.
func differentiated(cost *gorgonia.Node, c *children, frozen gorgonia.Nodes) (params gorgonia.Nodes) {
	skip := make(map[*gorgonia.Node]bool)
	for _, n := range frozen {
		skip[n] = true
	}
	below := make(map[*gorgonia.Node]bool)
	for _, n := range c.order(nil, gorgonia.Nodes{cost}) {
		below[n] = true
	}
	for _, n := range cost.Graph().AllNodes() {
		if below[n] && !skip[n] && isInput(n) && n.Deriv() != nil {
			params = append(params, n)
		}
	}
	return params
}

// differentiate adds the derivatives of the cost by the parameters to the graph.
func differentiate(cost *gorgonia.Node, c *children, params gorgonia.Nodes) error {
	if c.stale && !sortsRight(cost, c) {
		return errors.New("graph: Gorgonia replaced log(1+x) in this graph and lost count of its nodes, so that its Grad would be wrong: write Log1p(x)")
	}
	var err error
	perr := protect(func() error {
		_, err = gorgonia.Grad(cost, params...)
		return nil
	})
	if perr != nil {
		err = perr
	}
	return errors.Wrapf(err, "graph: gorgonia.Grad of %s", cost.Name())
}

// sortsRight says whether Gorgonia sorts the graph below the cost right, in spite of its stale index: that is what its Grad goes by.
func sortsRight(cost *gorgonia.Node, c *children) bool {
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
	for _, n := range c.order(nil, gorgonia.Nodes{cost}) {
		at, ok := place[n]
		if !ok {
			return false
		}
		for _, child := range c.list(n) {
			if below, ok := place[child]; !ok || below <= at {
				return false
			}
		}
	}
	return true
}

// checkDerivable finds, before gorgonia.Grad fails with less to say, a parameter that the cost doesn't depend on and an op without
// derivative between the two.
func checkDerivable(cost *gorgonia.Node, c *children, params gorgonia.Nodes) error {
	const (
		unreached = iota
		blocked   // reached, but only past an op without derivative
		smooth
	)
	order := c.order(nil, gorgonia.Nodes{cost})
	state := map[*gorgonia.Node]int{cost: smooth}
	blocker := make(map[*gorgonia.Node]*gorgonia.Node)
	for i := len(order) - 1; i >= 0; i-- {
		n := order[i]
		list := c.list(n)
		wrt, err := derivable(n, len(list))
		if err != nil {
			return errors.Wrapf(err, "graph: node %s: DiffWRT", n.Name())
		}
		for j, child := range list {
			if state[n] == smooth && wrt[j] {
				state[child] = smooth
				continue
			}
			if state[child] == unreached {
				state[child] = blocked
				if blocker[child] = n; state[n] == blocked {
					blocker[child] = blocker[n]
				}
			}
		}
	}
	for _, p := range params {
		switch state[p] {
		case unreached:
			return errors.Errorf("graph: the cost does not depend on parameter %q", p.Name())
		case blocked:
			b := blocker[p]
			return errors.Errorf("graph: op %v of node %s has no derivative and is on the way from the cost to parameter %q", b.Op(), b.Name(), p.Name())
		}
	}
	return nil
}

// derivable says by which of its n arguments a node has a derivative.
func derivable(node *gorgonia.Node, n int) (wrt []bool, err error) {
	right, _ := mend(node.Op())
	op, ok := right.(gorgonia.SDOp)
	if !ok || n == 0 {
		return make([]bool, n), nil
	}
	err = protect(func() error {
		wrt = op.DiffWRT(n)
		return nil
	})
	for len(wrt) < n {
		wrt = append(wrt, false)
	}
	return wrt, err
}
