package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/pkg/errors"
)

// wholeAlone is from how many elements on a parameter is stepped with no other at its side: the kernels that a rule
// calls then use all threads themselves.
const wholeAlone = 1 << 17

// setWhole sorts the parameters for a rule that takes one at a time.
func (e *engine[T]) setWhole() {
	e.large, e.small = e.large[:0], e.small[:0]
	for i, p := range e.parameters {
		if len(p.w) >= wholeAlone {
			e.large = append(e.large, i)
		} else {
			e.small = append(e.small, i)
		}
	}
}

// moveWhole moves each parameter by one call of the rule: the large ones one after another, the others side by side.
func (e *engine[T]) moveWhole() {
	e.tasks = max(1, len(e.small))
	e.setWorkspaces()
	for _, d := range e.workspaces[:e.tasks] {
		d.top = nothing
	}
	for _, i := range e.large {
		e.moveParameter(i, e.workspaces[0])
	}
	threads.Parallel(len(e.small), (*wholeTasks[T])(e))
}

// wholeTasks are the tasks of moveWhole.
type wholeTasks[T kernel.Float] engine[T]

// Run moves one of the small parameters.
func (t *wholeTasks[T]) Run(task int) {
	e := (*engine[T])(t)
	e.moveParameter(e.small[task], e.workspaces[task])
}

// moveParameter moves a parameter, and looks at it where that is due.
func (e *engine[T]) moveParameter(i int, d *workspace[T]) {
	p := e.parameters[i]
	p.move(0, len(p.w), e.rule, d)
	if e.job != moveCalm || i%calmSteps == e.round {
		p.look(0, len(p.w), &d.top)
	}
}

// scratchOf is how many elements of scratch memory the rule needs for a parameter of a shape.
func (s *Spec) scratchOf(shape []int) int {
	if !s.Whole || s.Scratch == nil {
		return 0
	}
	return max(0, s.Scratch(shape))
}

// wholeMemory is how many bytes the steps of a rule over whole parameters take beside the state, for parameters of
// these shapes and of elements of size bytes.
func (s *Solver) wholeMemory(shapes [][]int, size int64) (bytes int64) {
	if !s.spec.Whole {
		return 0
	}
	each := func(shape []int) int64 {
		n := int64(product(shape))
		b := size * int64(s.spec.scratchOf(shape))
		if s.edits() {
			b += size * n
		}
		if _, narrow := s.rule.(Rule32); !narrow && size == 4 {
			b += 8*n*int64(2+len(s.spec.State)) + 8*int64(s.spec.scratchOf(shape))
		}
		return b
	}
	largest := int64(0)
	for _, shape := range shapes {
		if product(shape) >= wholeAlone {
			largest = max(largest, each(shape))
		} else {
			bytes += each(shape)
		}
	}
	return bytes + largest
}

// edits says whether the gradient changes before the rule sees it.
func (s *Solver) edits() bool {
	for _, m := range s.modifiers {
		if m.kind == coupled {
			return true
		}
	}
	return s.clipNorm != 0 || s.clipValue != 0
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// checkWhole validates what a Spec says of scratch memory.
func (s *Solver) checkWhole() error {
	if s.spec.Scratch != nil && !s.spec.Whole {
		return errors.Errorf("solvers: rule %s wants scratch memory, which rules over whole parameters have alone: set Spec.Whole", s.Name())
	}
	return nil
}
