package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/mend"
	"github.com/fallline/fallline/graph/internal/stock"
	"gorgonia.org/tensor"
)

// lower decides how each op runs: by a kernel of ours where there is one, else by the op itself in the mode that suits
// it. Then it marks the slots that nobody needs any more.
func (p *Program) lower(roots []int) {
	for i := range p.slots {
		if p.slots[i].from == fromOp && !p.isExtra(i) {
			p.choose(i)
		}
	}
	p.prune(roots)
}

// prune marks the slots that no root needs.
func (p *Program) prune(roots []int) {
	needed := make([]bool, len(p.slots))
	for _, i := range roots {
		needed[i] = true
	}
	for i := len(p.slots) - 1; i >= 0; i-- {
		p.slots[i].dead = !needed[i]
		for _, k := range p.slots[i].in {
			needed[k] = needed[k] || needed[i]
		}
	}
}

// choose decides how to run slot i's op.
func (p *Program) choose(i int) {
	s := &p.slots[i]
	if !p.noFusion || mend.Untrue(s.Node, p.form) {
		if p.takeKernel(i) {
			s.mode = lowered
			return
		}
	}
	if s.addExtras() {
		s.mode = withExtras
		return
	}
	s.mode = s.ownMode()
}

// takeKernel gives slot i a kernel in place of its op, if there is one, and says whether it did. It may take other
// slots than the op's arguments as the kernel's.
func (p *Program) takeKernel(i int) bool {
	s := &p.slots[i]
	if s.Kind == gate.ByIndices || s.Kind == gate.ByIndicesGrad || p.ofOneType(s) {
		s.kernel = p.kernelOf(s)
	}
	return s.kernel != nil
}

// ofOneType says whether all arguments have the result's type.
func (p *Program) ofOneType(s *slot) bool {
	for _, k := range s.in {
		if p.slots[k].Type != s.Type {
			return false
		}
	}
	return true
}

// kernelOf finds a slot's kernel.
func (p *Program) kernelOf(s *slot) stock.Kernel {
	if o, ok := s.Expr.Op().(*mend.Gradient); ok && (s.Type == tensor.Float32 || s.Type == tensor.Float64) {
		return o.Kernel(s.Type)
	}
	if s.Kind == gate.Binary && s.Function == gate.Multiply {
		if k := p.rectifier(s); k != nil {
			return k
		}
	}
	return stock.Of(s.Op, s.Type)
}
