package graph

import "github.com/fallline/fallline/internal/tensors"

// maxPlans is how many plans a program keeps; the one that was used longest ago makes room.
const maxPlans = 16

// lookup returns the plan for the inputs' present shapes.
func (p *Program) lookup() (*plan, error) {
	if p.current != nil && p.fits(p.current) {
		return p.current, nil
	}
	p.runs++
	for _, pl := range p.plans {
		if p.fits(pl) {
			pl.used = p.runs
			p.current = pl
			return pl, nil
		}
	}
	pl, err := p.newPlan()
	if err != nil {
		return nil, err
	}
	pl.used = p.runs
	if len(p.plans) == maxPlans {
		oldest := 0
		for i, q := range p.plans {
			if q.used < p.plans[oldest].used {
				oldest = i
			}
		}
		p.plans[oldest] = pl
	} else {
		p.plans = append(p.plans, pl)
	}
	p.current = pl
	return pl, nil
}

// fits says whether a plan is for the inputs' present shapes.
func (p *Program) fits(pl *plan) bool {
	for i, in := range p.inputs {
		if !tensors.Same(pl.shapes[i], in.value.Shape()) {
			return false
		}
	}
	return true
}
