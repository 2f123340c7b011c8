package graph

import "gorgonia.org/gorgonia"

// pairGradients notes which slots have one shape at any batch, because one is the gradient of the other, or one of
// several that add up to it.
func (p *Program) pairGradients(index map[*gorgonia.Node]int) {
	of := make([][]int, len(p.slots)) // by slot of a gradient
	for k := range p.slots {
		if d := p.slots[k].node.Deriv(); d != nil {
			if i, ok := index[d]; ok {
				of[i] = append(of[i], k)
			}
		}
	}
	for i := len(p.slots) - 1; i >= 0; i-- {
		s := &p.slots[i]
		if len(of[i]) == 0 || opType(s.node.Op()) != "gorgonia.elemBinOp" || s.node.Op().String() != "+ false" {
			continue
		}
		for _, k := range s.args {
			if sameShape(p.slots[k].shape, s.shape) {
				of[k] = append(of[k], of[i]...)
			}
		}
	}
	for i, list := range of {
		for _, k := range list {
			lo, hi := min(i, k), max(i, k)
			if lo != hi {
				p.slots[hi].like = append(p.slots[hi].like, lo)
			}
		}
	}
}
