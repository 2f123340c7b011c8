package solvers

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// function is an Objective of one example: a function of all weights with its gradient, computed in float64.
type function struct {
	dt     vector.Type
	params []vector.Param
	f      func(w, g []float64) float64
	w64    []float64
	g64    []float64
}

func (o *function) Len() int { return 1 }

func (o *function) NewVector() *vector.Vector { return newVector(o.dt, o.params...) }

func newVector(dt vector.Type, params ...vector.Param) *vector.Vector {
	v, err := vector.New(dt, params...)
	if err != nil {
		panic(err)
	}
	return v
}

func (o *function) Gradient(w, g *vector.Vector, _ batch.Batch) (float64, error) {
	if o.w64 == nil {
		o.w64, o.g64 = make([]float64, w.Count()), make([]float64, w.Count())
	}
	gather64(o.w64, w)
	loss := o.f(o.w64, o.g64)
	scatter64(g, o.g64)
	return loss, nil
}

func (o *function) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	return o.Gradient(w, o.NewVector(), b)
}

// gather64 copies the elements of v, padding left out, into to.
func gather64(to []float64, v *vector.Vector) {
	k := 0
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			to[k] = v.At(i)
			k++
		}
	}
}

// scatter64 sets the elements of v, padding left out.
func scatter64(v *vector.Vector, from []float64) {
	k := 0
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			v.Set(i, from[k])
			k++
		}
	}
}

// values returns the elements of v, padding left out.
func values(v *vector.Vector) []float64 {
	x := make([]float64, v.Count())
	gather64(x, v)
	return x
}

// bowl is 1/2 Σ aᵢ (wᵢ−cᵢ)² over two parameters with six weights, of condition number 20.
func bowl(dt vector.Type) *function {
	a := []float64{0.1, 0.5, 2, 1, 1.5, 0.3}
	c := []float64{1, -2, 0.5, 3, 0, -1}
	return &function{
		dt:     dt,
		params: []vector.Param{{Name: "layer.weight", Shape: []int{2, 2}, Group: "weight"}, {Name: "layer.bias", Shape: []int{2}, Group: "bias"}},
		f: func(w, g []float64) float64 {
			f := 0.0
			for i := range w {
				d := w[i] - c[i]
				g[i] = a[i] * d
				f += a[i] * d * d / 2
			}
			return f
		},
	}
}

// rosenbrock is (1−x)² + 100 (y−x²)², whose minimum 0 at (1, 1) lies in a bent valley.
func rosenbrock(dt vector.Type) *function {
	return &function{
		dt:     dt,
		params: []vector.Param{{Name: "xy", Shape: []int{2}}},
		f: func(w, g []float64) float64 {
			x, y := w[0], w[1]
			g[0] = -2*(1-x) - 400*x*(y-x*x)
			g[1] = 200 * (y - x*x)
			return (1-x)*(1-x) + 100*(y-x*x)*(y-x*x)
		},
	}
}

// squares is the mean of 1/2 (wᵀxᵢ + c − yᵢ)², a LinearObjective with an intercept. Each Draw shifts the targets, as
// dropout changes the loss of an example.
type squares struct {
	dt     vector.Type
	x      [][]float64
	y      []float64
	jitter float64
	calls  []batch.Batch // every batch that Gradient was called with, when asked for
	log    bool
}

func newSquares(dt vector.Type, n, dim int) *squares {
	rng := rand.New(rand.NewPCG(7, 11))
	o := &squares{dt: dt}
	truth := make([]float64, dim)
	for j := range truth {
		truth[j] = rng.NormFloat64()
	}
	for range n {
		x := make([]float64, dim)
		y := 0.5 + 0.1*rng.NormFloat64()
		for j := range x {
			x[j] = rng.NormFloat64()
			y += truth[j] * x[j]
		}
		o.x, o.y = append(o.x, x), append(o.y, y)
	}
	return o
}

func (o *squares) Len() int     { return len(o.x) }
func (o *squares) Outputs() int { return 1 }

func (o *squares) NewVector() *vector.Vector {
	return newVector(o.dt, vector.Param{Name: "w", Shape: []int{len(o.x[0])}, Group: "weight"}, vector.Param{Name: "c", Group: "bias"})
}

// residual is wᵀxᵢ + c − yᵢ.
func (o *squares) residual(w *vector.Vector, i int32, draw uint64) float64 {
	r := w.At(w.Ranges[1].Lo) - o.y[i] - o.jitter*math.Sin(float64(draw)+float64(i))
	for j, x := range o.x[i] {
		r += w.At(j) * x
	}
	return r
}

func (o *squares) Residuals(w *vector.Vector, b batch.Batch, r []float64) (loss float64, err error) {
	for k, i := range b.Index {
		r[k] = o.residual(w, i, b.Draw)
		loss += r[k] * r[k] / 2
	}
	return loss / float64(len(b.Index)), nil
}

func (o *squares) AddOuter(g *vector.Vector, b batch.Batch, r []float64) error {
	for k, i := range b.Index {
		for j, x := range o.x[i] {
			g.Set(j, g.At(j)+r[k]*x)
		}
		c := g.Ranges[1].Lo
		g.Set(c, g.At(c)+r[k])
	}
	return nil
}

func (o *squares) Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error) {
	if len(b.Index) == 0 {
		return 0, errors.New("an empty batch")
	}
	if o.log {
		b.Index = append([]int32(nil), b.Index...)
		o.calls = append(o.calls, b)
	}
	g.Zero()
	n := float64(len(b.Index))
	c := g.Ranges[1].Lo
	for _, i := range b.Index {
		r := o.residual(w, i, b.Draw)
		loss += r * r / 2 / n
		for j, x := range o.x[i] {
			g.Set(j, g.At(j)+r*x/n)
		}
		g.Set(c, g.At(c)+r/n)
	}
	return loss, nil
}

func (o *squares) Loss(w *vector.Vector, b batch.Batch) (float64, error) {
	return o.Residuals(w, b, make([]float64, len(b.Index)))
}

// must fails the test on an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// open opens a run on an objective from given weights.
func open(t testing.TB, s *Solver, obj Objective, from []float64, sampler Sampler) *Run {
	t.Helper()
	w := obj.NewVector()
	scatter64(w, from)
	if sampler == nil {
		sampler = must[Sampler](t)(Cyclic(obj.Len(), obj.Len()))
	}
	return must[*Run](t)(s.Open(obj, w, sampler))
}

// solver makes a solver.
func solver(t testing.TB, r Rule, options ...Option) *Solver {
	t.Helper()
	return must[*Solver](t)(New(r, options...))
}

// next does iterations.
func next(t testing.TB, r *Run, n int) (info Info) {
	t.Helper()
	for range n {
		info = must[Info](t)(r.Next())
	}
	return info
}

// distance is max |x−y|.
func distance(x, y []float64) float64 {
	d := 0.0
	for i := range x {
		if e := math.Abs(x[i] - y[i]); !(e <= d) {
			d = e
		}
	}
	return d
}
