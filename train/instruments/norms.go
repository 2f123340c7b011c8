package instruments

import (
	"math"
	"slices"
	"strings"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Norm is how long a parameter of a model, its gradient and its last update are, by the Euclidean norm.
type Norm struct {
	Name     string  // of the parameter, as in conv2d1.weight
	Weight   float64 // ‖w‖ after the update
	Gradient float64 // ‖g‖ of the iteration just done, before clipping and L2
	Update   float64 // ‖Δw‖ since the call before; NaN at the first
}

// Ratio is ‖Δw‖/‖w‖. In one iteration around 1e-3 is usual: at far less a layer hardly learns, and at far more it
// forgets.
func (n Norm) Ratio() float64 { return n.Update / n.Weight }

// NormMeter tells how gradients and updates are spread over the parameters of a model, or with ByLayer over its layers:
// where gradients vanish or explode, and how much each layer moves. The zero value is ready for one run. It takes the
// memory of one vector, and a pass over three.
//
//	var meter instruments.NormMeter
//	train.OnIteration(func(it train.Iteration) error {
//		norms, err := meter.Measure(it.Run)
//		...
type NormMeter struct {
	last  *vector.Vector
	norms []Norm
}

// Measure returns the norms of each parameter, in the order of the weights. Called after each iteration it tells the
// updates one by one. The slice is valid until the next call. Of a solvers.Method, which takes steps without showing a
// gradient, those are 0.
func (m *NormMeter) Measure(r *solvers.Run) ([]Norm, error) {
	if r == nil {
		return nil, errors.New("instruments: norms: no run: it is nil")
	}
	w, g := r.Weights(), r.Gradient()
	first := m.last == nil
	if first {
		m.last = w.Clone()
		m.norms = make([]Norm, len(w.Ranges))
	} else if err := m.last.Check(w); err != nil {
		return nil, errors.Wrap(err, "instruments: norms: the run is another one")
	}
	for i, p := range w.Ranges {
		n := Norm{Name: p.Name, Weight: length2(w, p), Gradient: length2(g, p), Update: math.NaN()}
		if !first {
			n.Update = moved(w, m.last, p)
		}
		m.norms[i] = n
	}
	m.last.Copy(w)
	return m.norms, nil
}

// ByLayer puts the parameters of each layer together: those whose names are the same up to the last dot, as
// dense1.weight and dense1.bias make dense1. The norms of a layer are those of its parameters as one vector.
//
//	‖w‖ = √(‖w₁‖² + ‖w₂‖² + ...)
func ByLayer(norms []Norm) []Norm {
	var layers []Norm
	for _, n := range norms {
		if dot := strings.LastIndexByte(n.Name, '.'); dot >= 0 {
			n.Name = n.Name[:dot]
		}
		k := slices.IndexFunc(layers, func(l Norm) bool { return l.Name == n.Name })
		if k < 0 {
			layers = append(layers, n)
			continue
		}
		l := &layers[k]
		l.Weight = math.Hypot(l.Weight, n.Weight)
		l.Gradient = math.Hypot(l.Gradient, n.Gradient)
		l.Update = math.Hypot(l.Update, n.Update)
	}
	return layers
}

// length2 is the Euclidean norm of a range.
func length2(v *vector.Vector, p vector.Range) float64 {
	part := v.Part(p.Lo, p.Hi)
	return part.Norm()
}

// moved is the Euclidean norm of the difference of a range.
func moved(v, u *vector.Vector, p vector.Range) float64 {
	return vector.ByType(v.Type(), apart[float32], apart[float64])(v, u, p)
}

func apart[T kernel.Float](v, u *vector.Vector, p vector.Range) float64 {
	x, y := vector.Of[T](v)[p.Lo:p.Hi], vector.Of[T](u)[p.Lo:p.Hi]
	sum := 0.0
	for i := range x {
		d := float64(x[i]) - float64(y[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}
