package graph

import "github.com/fallline/fallline/graph/internal/gate"

// pairGradients notes which slots have one shape at any batch, because one is the gradient of the other, or one of
// several that add up to it.
func (p *Program) pairGradients(f *gate.Form) {
	of := make([][]int, len(p.slots)) // by slot of a gradient
	for k := range p.slots {
		if d := p.slots[k].Expr.Deriv(); d != nil {
			if i, ok := f.Find(d); ok {
				of[i] = append(of[i], k)
			}
		}
	}
	for i := len(p.slots) - 1; i >= 0; i-- {
		s := &p.slots[i]
		if len(of[i]) == 0 || s.Kind != gate.Binary || s.Function != gate.Add {
			continue
		}
		for _, k := range s.Inputs {
			if sameShape(p.slots[k].Shape, s.Shape) {
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
