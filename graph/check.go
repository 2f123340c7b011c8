package graph

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// CheckOption changes what CheckGradient does.
type CheckOption func(*check)

type check struct {
	step, tolerance float64
	coordinates     int
	seed            uint64
	compile         []Option
}

// CheckStep sets the step h of the central differences relative to the size of a weight; the default is 1e-5.
func CheckStep(h float64) CheckOption { return func(c *check) { c.step = h } }

// CheckTolerance sets the error that passes, relative to the largest element of the parameter's gradient; the default
// is 1e-6.
func CheckTolerance(t float64) CheckOption { return func(c *check) { c.tolerance = t } }

// CheckCoordinates sets how many elements of each parameter are checked one by one; the default is 50. Parameters with
// no more than that are checked in full.
func CheckCoordinates(n int) CheckOption { return func(c *check) { c.coordinates = n } }

// CheckSeed sets the seed that the elements and directions are drawn from; the default is 1.
func CheckSeed(seed uint64) CheckOption { return func(c *check) { c.seed = seed } }

// CheckCompile hands options on to Compile, NoFusion for one.
func CheckCompile(opts ...Option) CheckOption {
	return func(c *check) { c.compile = append(c.compile, opts...) }
}

// CheckGradient compares the gradient of a cost with central differences
//
//	(f(w + h e) − f(w − h e)) / 2h
//
// along elements e of every parameter and along random directions through all of them, which see every element. The
// graph must be of float64, its inputs must have values, and its cost must be a function of them: the same twice.
// Compile's Params is called with the parameters.
//
// It returns nil where all errors are within tolerance, else an error that names the worst element: parameter, index,
// gradient and difference. At a kink, such as a rectifier's at 0, the differences are wrong and not the gradient;
// choose another point.
func CheckGradient(cost *gorgonia.Node, params gorgonia.Nodes, opts ...CheckOption) error {
	c := &check{step: 1e-5, tolerance: 1e-6, coordinates: 50, seed: 1}
	for _, opt := range opts {
		if opt == nil {
			return errors.New("graph: an option is nil")
		}
		opt(c)
	}
	if !(c.step > 0) || !(c.tolerance > 0) || c.coordinates < 0 {
		return errors.Errorf("graph: gradient check with step %v, tolerance %v and %d coordinates", c.step, c.tolerance, c.coordinates)
	}
	if len(params) == 0 {
		return errors.New("graph: gradient check without parameters")
	}
	p, err := Compile(cost, append([]Option{Params(params...)}, c.compile...)...)
	if err != nil {
		return err
	}
	if p.weights.Type() != vector.Float64 {
		return errors.New("graph: a gradient check needs a graph of float64")
	}
	return c.run(p)
}

// run checks a program.
func (c *check) run(p *Program) error {
	w, g := p.weights.Clone(), p.weights.Like()
	first, err := p.Evaluate(w, g)
	if err != nil {
		return err
	}
	again, err := p.Evaluate(w, g)
	if err != nil {
		return err
	}
	if again != first || math.IsInf(first, 0) {
		return errors.Errorf("graph: gradient check of a cost that is %v, then %v at the same point", first, again)
	}
	if name, at, x, bad := g.Bad(); bad {
		return errors.Errorf("graph: the gradient of parameter %q is %v (element %d)", name, x, at)
	}
	rng := rand.New(rand.NewPCG(c.seed, 0))
	worst := fault{tolerance: c.tolerance, noise: (16*0x1p-52/c.step + c.step*c.step) * math.Max(1, math.Abs(first))}
	for _, x := range p.weight {
		if x.grad == nil {
			continue
		}
		r, _ := w.Find(x.node.Name())
		size := largest(g, r)
		for _, i := range c.choose(rng, r) {
			h := c.step * math.Max(1, math.Abs(w.At(i)))
			f, err := difference(p, w, func(sign float64) { w.Set(i, p.weights.At(i)+sign*h) }, h)
			if err != nil {
				return err
			}
			worst.note(g.At(i), f, size, func() string { return fmt.Sprintf("parameter %q%v", r.Name, indices(r.Shape, i-r.Lo)) })
		}
	}
	for k := range 3 {
		d := p.direction(rng)
		f, err := difference(p, w, func(sign float64) {
			w.Copy(p.weights)
			w.Axpy(sign*c.step, d)
		}, c.step)
		if err != nil {
			return err
		}
		worst.note(g.Dot(d), f, g.Norm(), func() string { return fmt.Sprintf("random direction %d", k) })
	}
	if worst.where != "" {
		return errors.Errorf("graph: gradient check: %s: gradient %.10g, central difference %.10g, error %.3g over the tolerance %.3g",
			worst.where, worst.gradient, worst.difference, worst.err, c.tolerance)
	}
	return nil
}

// choose draws the elements of a range to check.
func (c *check) choose(rng *rand.Rand, r vector.Range) []int {
	n := r.Hi - r.Lo
	list := rng.Perm(n)
	list = list[:min(n, c.coordinates)]
	for i := range list {
		list[i] += r.Lo
	}
	return list
}

// difference is the central difference of the cost between the two points that move makes of w; it leaves w as it was.
func difference(p *Program, w *vector.Vector, move func(sign float64), h float64) (float64, error) {
	defer w.Copy(p.weights)
	move(+1)
	up, err := p.Evaluate(w, nil)
	if err != nil {
		return 0, err
	}
	move(-1)
	down, err := p.Evaluate(w, nil)
	return (up - down) / (2 * h), err
}

// direction is a random vector of length 1 with no symmetry, and none of it along frozen inputs.
func (p *Program) direction(rng *rand.Rand) *vector.Vector {
	d := p.weights.Like()
	for _, x := range p.weight {
		for i := x.lo; i < x.hi && x.grad != nil; i++ {
			d.Set(i, rng.NormFloat64()+0.1)
		}
	}
	d.Scale(1 / d.Norm())
	return d
}

// largest is the largest absolute element of a range.
func largest(g *vector.Vector, r vector.Range) float64 {
	m := 0.0
	for i := r.Lo; i < r.Hi; i++ {
		m = math.Max(m, math.Abs(g.At(i)))
	}
	return m
}

// fault is the largest error so far.
type fault struct {
	tolerance float64
	noise     float64 // what rounding and curvature alone make of a difference

	where                     string
	gradient, difference, err float64
}

// note compares a gradient with a difference, relative to a size.
func (f *fault) note(gradient, difference, size float64, where func() string) {
	e := math.Abs(gradient - difference)
	if e <= f.noise {
		return
	}
	e /= math.Max(size, math.Abs(difference))
	if e <= f.tolerance || e <= f.err {
		return
	}
	f.where, f.gradient, f.difference, f.err = where(), gradient, difference, e
}

// indices are the coordinates of element i of a shape.
func indices(shape []int, i int) []int {
	at := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		at[k] = i % shape[k]
		i /= shape[k]
	}
	return at
}
