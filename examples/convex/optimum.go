package main

import (
	"math"

	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/optimize"
)

// flatNorm is the gradient norm at which F* is found.
const flatNorm = 1e-10

// smooth is f + λ/2 ‖w‖² at w, all but the 1-norm, with its gradient in g, unless that is nil.
func (p *problem) smooth(w, g *vector.Vector) (f float64, err error) {
	if g == nil {
		f, err = p.exact.Loss(w, p.all)
	} else {
		f, err = p.exact.Gradient(w, g, p.all)
	}
	if err != nil {
		return 0, err
	}
	weight := w.Ranges[0]
	for i := weight.Lo; i < weight.Hi; i++ {
		f += p.lambda / 2 * w.F64[i] * w.F64[i]
		if g != nil {
			g.F64[i] += p.lambda * w.F64[i]
		}
	}
	return f, nil
}

// objective is F at w, of either type, in float64.
func (p *problem) objective(w *vector.Vector) (float64, error) {
	x := w
	if w.Type() != vector.Float64 {
		x = p.exact.NewVector()
		for k, r := range w.Ranges {
			for i := range r.Hi - r.Lo {
				x.Set(x.Ranges[k].Lo+i, w.At(r.Lo+i))
			}
		}
	}
	f, err := p.smooth(x, nil)
	weight := x.Ranges[0]
	return f + p.l1*floats.Norm(x.F64[weight.Lo:weight.Hi], 1), err
}

// solve finds F*.
func (p *problem) solve() (err error) {
	if p.l1 > 0 {
		p.best, err = p.fista()
	} else {
		p.best, err = p.lbfgs()
	}
	return errors.Wrap(err, "search for the optimum")
}

// lbfgs is the optimum of a smooth F.
func (p *problem) lbfgs() (float64, error) {
	w, g := p.exact.NewVector(), p.exact.NewVector()
	var at []float64 // where f and g are known
	var f float64
	var failed error
	evaluate := func(x []float64) {
		if at != nil && floats.Equal(x, at) {
			return
		}
		at = append(at[:0], x...)
		copy(w.F64, x)
		var err error
		if f, err = p.smooth(w, g); err != nil {
			failed = err
		}
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { evaluate(x); return f },
		Grad: func(to, x []float64) { evaluate(x); copy(to, g.F64) },
	}
	settings := &optimize.Settings{
		GradientThreshold: flatNorm / math.Sqrt(float64(w.Len())), // gonum's norm is the greatest element
		MajorIterations:   20000,
		Converger:         optimize.NeverTerminate{},
	}
	result, err := optimize.Minimize(problem, make([]float64, w.Len()), settings, &optimize.LBFGS{Linesearcher: &slopes{}, Store: 50})
	if failed != nil {
		return 0, failed
	}
	if result == nil {
		return 0, err
	}
	evaluate(result.X)
	if norm := floats.Norm(g.F64, 2); !(norm <= flatNorm) {
		return 0, errors.Errorf("L-BFGS stopped at a gradient of norm %.2g, want %.2g: %v", norm, flatNorm, result.Status)
	}
	return f, nil
}

// slopes is a line search by the slope alone, which rises along a line where F is convex. Near the optimum F no longer
// changes in float64 while its slope still does.
type slopes struct {
	start, step, low, high float64
}

// flatter is the part of the slope that a search may leave.
const flatter = 0.9

func (s *slopes) Init(_, slope, step float64) optimize.Operation {
	*s = slopes{start: slope, step: step, high: math.Inf(1)}
	return optimize.GradEvaluation
}

func (s *slopes) Iterate(_, slope float64) (optimize.Operation, float64, error) {
	switch {
	case math.Abs(slope) <= -flatter*s.start:
		return optimize.MajorIteration, s.step, nil
	case slope < 0:
		s.low = s.step
	default:
		s.high = s.step
	}
	if s.step = (s.low + s.high) / 2; math.IsInf(s.high, 1) {
		s.step = 2 * s.low
	}
	if s.step == s.low || s.step == s.high || math.IsInf(s.step, 1) {
		return optimize.MajorIteration, s.step, optimize.ErrLinesearcherFailure
	}
	return optimize.GradEvaluation, s.step, nil
}

// fista is the optimum of F with a 1-norm: accelerated proximal gradient steps, begun anew where they turn uphill (Beck
// & Teboulle 2009; O'Donoghue & Candès 2015).
func (p *problem) fista() (float64, error) {
	full, err := p.exact.FullSmoothness(200)
	if err != nil {
		return 0, err
	}
	step := 1 / (1.05*full + p.lambda)
	x, y, g := p.exact.NewVector(), p.exact.NewVector(), p.exact.NewVector()
	last, t := p.exact.NewVector(), 1.0
	weight := x.Ranges[0]
	for range 200000 {
		if _, err := p.smooth(y, g); err != nil {
			return 0, err
		}
		last.Copy(x)
		x.Copy(y)
		x.Axpy(-step, g)
		for i := weight.Lo; i < weight.Hi; i++ {
			x.F64[i] = math.Copysign(max(math.Abs(x.F64[i])-step*p.l1, 0), x.F64[i])
		}
		moved, uphill := 0.0, 0.0
		for i, v := range x.F64 {
			moved += (v - y.F64[i]) * (v - y.F64[i])
			uphill += (y.F64[i] - v) * (v - last.F64[i])
		}
		if math.Sqrt(moved) <= step*flatNorm {
			return p.objective(x)
		}
		next := (1 + math.Sqrt(1+4*t*t)) / 2
		if uphill > 0 {
			next, t = 1, 1
		}
		for i, v := range x.F64 {
			y.F64[i] = v + (t-1)/next*(v-last.F64[i])
		}
		t = next
	}
	return 0, errors.New("no optimum in 200000 proximal steps")
}
