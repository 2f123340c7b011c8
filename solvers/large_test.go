package solvers

import (
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/vector"
)

// wide is an Objective with many weights and a fixed gradient field, cheap to evaluate: ∇f = sin(1…n) + w/8.
type wide struct {
	dt    vector.Type
	field []float64
	pars  []vector.Param
}

// large has 150,003 weights in ranges of odd sizes, so that chunks, tasks and threads all come into play.
func large(dt vector.Type) *wide {
	o := &wide{dt: dt, pars: []vector.Param{
		{Name: "a.weight", Shape: []int{7, 11}, Group: "weight"}, {Name: "a.bias", Shape: []int{3}, Group: "bias"},
		{Name: "b.weight", Shape: []int{333, 300}, Group: "weight"}, {Name: "b.bias", Shape: []int{2049}, Group: "bias"},
		{Name: "c.weight", Shape: []int{47974}, Group: "weight"},
	}}
	o.field = make([]float64, o.NewVector().Len())
	for i := range o.field {
		o.field[i] = math.Sin(float64(i))
	}
	return o
}

func (o *wide) Len() int { return 1 }

func (o *wide) NewVector() *vector.Vector { return newVector(o.dt, o.pars...) }

func (o *wide) Gradient(w, g *vector.Vector, _ batch.Batch) (float64, error) {
	vector.ByType(w.Type(), wideGradient[float32], wideGradient[float64])(o, w, g)
	return 0, nil
}

func wideGradient[T kernel.Float](o *wide, w, g *vector.Vector) {
	x, to := vector.Of[T](w), vector.Of[T](g)
	for _, r := range w.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			to[i] = T(o.field[i]) + x[i]/8
		}
	}
}

func (o *wide) Loss(*vector.Vector, batch.Batch) (float64, error) { return 0, nil }

// start is a start for any objective: weights that differ from each other.
func start(obj Objective) []float64 {
	w := make([]float64, obj.NewVector().Count())
	for i := range w {
		w[i] = math.Cos(3 * float64(i))
	}
	return w
}
