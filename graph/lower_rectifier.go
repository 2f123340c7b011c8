package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/fallline/fallline/internal/tensors"
)

// rectifier finds the two products that gorgonia.Rectify and its gradient are made of,
//
//	y = x ⊙ [x ≥ 0]    and    dx = [x ≥ 0] ⊙ dy,
//
// and computes them from x itself, so that nobody needs the comparison. As in Gorgonia the gradient is 1 at 0.
func (p *Program) rectifier(s *slot) stock.Kernel {
	for i, k := range s.in {
		x, ok := p.comparedToZero(&p.slots[k])
		if !ok {
			continue
		}
		other := s.in[1-i]
		if other == x {
			return s.takes(stock.Rectifier(s.Type), x)
		}
		if tensors.Same(p.slots[other].Shape, p.slots[x].Shape) {
			return s.takes(stock.RectifierGrad(s.Type), x, other)
		}
	}
	return nil
}

// takes makes the slot read what a kernel takes, if there is one.
func (s *slot) takes(k stock.Kernel, in ...int) stock.Kernel {
	if k != nil {
		s.in = in
	}
	return k
}

// comparedToZero returns x if the slot is [x ≥ 0] in numbers.
func (p *Program) comparedToZero(s *slot) (x int, ok bool) {
	if s.Kind != gate.Binary || s.Function != gate.GreaterOrEqual || !s.Numbers {
		return 0, false
	}
	zero := &p.slots[s.in[1]]
	if zero.Kind != gate.Constant || len(zero.Shape) > 0 || tensors.Number(zero.Expr.Value()) != 0 || len(p.slots[s.in[0]].Shape) == 0 {
		return 0, false
	}
	return s.in[0], true
}
