package solvers

import "github.com/fallline/fallline/vector"

// Visit shows everything that the run needs to go on after an interruption, but for the weights: each array by a name
// that is unique in the run, as a slice of type []float32, []float64 or []int64. To save, copy them; to resume, open a
// run with the same settings and overwrite them. A run that was split so equals one that wasn't bit for bit.
//
// The names are run.time (iterations done, examples seen), rule.STATE/PARAMETER, average/PARAMETER, slow/PARAMETER,
// rate.chosen, and what the estimator adds.
//
// Numbers that aren't finite in them are taken for a divergence by the next iteration, and by Check.
func (r *Run) Visit(visit func(name string, array any)) {
	r.stage.forget() // the arrays may be overwritten
	r.visit(visit)
}

func (r *Run) visit(visit func(name string, array any)) {
	visit("run.time", r.clock[:])
	for k, v := range r.state {
		VisitVector("rule."+r.solver.spec.State[k], v, visit)
	}
	if r.mean != nil {
		VisitVector("average", r.mean, visit)
	}
	if r.slow != nil {
		VisitVector("slow", r.slow, visit)
	}
	if r.ray != nil {
		visit("rate.chosen", r.chosen)
	}
	r.source.Visit(visit)
}

// VisitVector shows a vector range by range, under names PREFIX/PARAMETER. Sources use it in Visit.
func VisitVector(prefix string, v *vector.Vector, visit func(name string, array any)) {
	for _, p := range v.Ranges {
		visit(prefix+"/"+p.Name, v.Array(p))
	}
}
