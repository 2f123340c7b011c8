package graph

// lastUses finds, for each slot, the last step that reads its memory; what must outlive the run is used by the step
// after the last.
func (p *Program) lastUses(pl *plan) []int {
	last := make([]int, len(p.slots))
	for i := range pl.steps {
		st := &pl.steps[i]
		last[st.slot] = max(last[st.slot], i)
		for _, e := range p.slots[st.slot].extras {
			if e.slot >= 0 {
				last[e.slot] = max(last[e.slot], i)
			}
		}
		for _, k := range st.in {
			last[k] = max(last[k], i)
		}
	}
	end := len(pl.steps)
	for _, o := range p.outputs {
		last[o.slot] = end
	}
	for _, r := range p.reads {
		last[r.slot] = end
	}
	if p.cost >= 0 {
		last[p.cost] = end
	}
	for _, w := range p.weight {
		if w.grad != nil {
			last[w.from] = end
		}
	}
	for i := len(pl.steps) - 1; i >= 0; i-- {
		if st := &pl.steps[i]; st.mode == alias || st.mode == view {
			for _, k := range st.in {
				last[k] = max(last[k], last[st.slot])
			}
		}
	}
	return last
}
