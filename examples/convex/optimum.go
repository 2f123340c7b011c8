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
	if w.F64 == nil {
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

// lbfgs is the optimum of a smooth F. The line search gives up where F no longer changes in float64; it begins again from there.
func (p *problem) lbfgs() (float64, error) {
	w, g := p.exact.NewVector(), p.exact.NewVector()
	var failed error
	evaluate := func(x, to []float64) float64 {
		copy(w.F64, x)
		f, err := p.smooth(w, g)
		if err != nil {
			failed = err
		}
		if to != nil {
			copy(to, g.F64)
		}
		return f
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { return evaluate(x, nil) },
		Grad: func(to, x []float64) { evaluate(x, to) },
	}
	start := make([]float64, w.Len())
	best := math.Inf(1)
	for range 20 {
		settings := &optimize.Settings{GradientThreshold: flatNorm / math.Sqrt(float64(len(start))), MajorIterations: 20000, Converger: optimize.NeverTerminate{}}
		result, err := optimize.Minimize(problem, start, settings, &optimize.LBFGS{Store: 50})
		if failed != nil {
			return 0, failed
		}
		if result == nil {
			return 0, err
		}
		start, best = result.X, min(best, result.F)
		evaluate(start, nil)
		if floats.Norm(g.F64, 2) <= flatNorm {
			return best, nil
		}
	}
	if norm := floats.Norm(g.F64, 2); norm > 100*flatNorm {
		return 0, errors.Errorf("L-BFGS stopped at a gradient of norm %.2g, want %.2g", norm, flatNorm)
	}
	return best, nil
}

// fista is the optimum of F with a 1-norm: accelerated proximal gradient steps, begun anew where they turn uphill (Beck & Teboulle
// 2009; O'Donoghue & Candès 2015).
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
