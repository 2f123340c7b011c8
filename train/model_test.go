package train

import (
	"math"
	"sync/atomic"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// linear is a linear model written by hand: softmax regression on classes, or least squares on one target where classes
// is 0. Its one weight array "w" is (inputs, outputs) and "b" is (outputs).
type linear struct {
	shape   []int
	classes int
	weights *vector.Vector

	moved []int64 // batches with MoveStats, as a state to be saved
	fail  func(b batch.Batch) error
	calls atomic.Int64
}

func newLinear(dt vector.Type, shape []int, classes int) *linear {
	outputs := max(classes, 1)
	v, err := vector.New(dt, vector.Param{Name: "w", Shape: []int{datasets.Features(shape), outputs}, Group: "weight"},
		vector.Param{Name: "b", Shape: []int{outputs}, Group: "bias"})
	if err != nil {
		panic(err)
	}
	m := &linear{shape: shape, classes: classes, weights: v, moved: make([]int64, 1)}
	for i, r := range v.Ranges {
		for k := r.Lo; k < r.Hi; k++ {
			v.Set(k, 0.1*math.Sin(float64(7*k+i)))
		}
	}
	return m
}

func (m *linear) Weights() *vector.Vector                  { return m.weights }
func (m *linear) InputShape() []int                        { return m.shape }
func (m *linear) Classes() int                             { return m.classes }
func (m *linear) OutputShape() []int                       { return []int{max(m.classes, 1)} }
func (m *linear) Visit(visit func(name string, array any)) { visit("moved", m.moved) }

// row returns an example's loss, whether it is classified correctly, and the residual ∂loss/∂output in r.
func (m *linear) row(w *vector.Vector, x []float32, label int, target float32, r []float64) (loss float64, right bool) {
	weights, bias := w.Ranges[0], w.Ranges[1]
	for c := range r {
		r[c] = w.At(bias.Lo + c)
		for j, v := range x {
			r[c] += float64(v) * w.At(weights.Lo+j*len(r)+c)
		}
	}
	if m.classes == 0 {
		d := r[0] - float64(target)
		r[0] = 2 * d
		return d * d, false
	}
	top, sum := r[0], 0.0
	for _, z := range r {
		top = max(top, z)
	}
	right = r[label] == top
	loss = top - r[label]
	for c := range r {
		r[c] = math.Exp(r[c] - top)
		sum += r[c]
	}
	for c := range r {
		r[c] /= sum
	}
	r[label]--
	return loss + math.Log(sum), right
}

func (m *linear) run(w, g *vector.Vector, b batch.Batch) (loss float64, correct int, err error) {
	size := datasets.Features(m.shape)
	n := len(b.X) / size
	if n*size != len(b.X) || n != len(b.Index) {
		return 0, 0, errors.Errorf("%d values and %d indices", len(b.X), len(b.Index))
	}
	if m.fail != nil {
		if err := m.fail(b); err != nil {
			return 0, 0, err
		}
	}
	if g != nil {
		g.Zero()
	}
	r := make([]float64, max(m.classes, 1))
	for i := range n {
		x, label, target := b.X[i*size:(i+1)*size], 0, float32(0)
		if m.classes > 0 {
			label = b.Labels[i]
		} else {
			target = b.Targets[i]
		}
		l, right := m.row(w, x, label, target, r)
		loss += l / float64(n)
		if right {
			correct++
		}
		if g != nil {
			m.accumulate(g, x, r, float64(n))
		}
	}
	return loss, correct, nil
}

func (m *linear) accumulate(g *vector.Vector, x []float32, r []float64, n float64) {
	weights, bias := g.Ranges[0], g.Ranges[1]
	for c := range r {
		g.Set(bias.Lo+c, g.At(bias.Lo+c)+r[c]/n)
		for j, v := range x {
			k := weights.Lo + j*len(r) + c
			g.Set(k, g.At(k)+float64(v)*r[c]/n)
		}
	}
}

func (m *linear) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	m.calls.Add(1)
	if b.MoveStats {
		m.moved[0]++
	}
	loss, _, err := m.run(w, g, b)
	return loss, err
}

func (m *linear) Evaluate(w *vector.Vector, b batch.Batch) (float64, int, error) {
	return m.run(w, nil, b)
}

// The gradient of the test model itself, by central differences.
func TestLinearModelGradient(t *testing.T) {
	for _, d := range []*datasets.Examples{blobs(20), must(datasets.Quadratic(20, 1, 2, 3, 0.1, 1))} {
		m := newLinear(vector.Float64, d.Shape(), d.Classes())
		o := must(NewObjective(m, d))
		defer o.Close()
		b := batch.Batch{Index: []int32{3, 1, 4, 1}}
		g := o.NewVector()
		must(o.Gradient(m.weights, g, b))
		for _, r := range g.Ranges {
			for k := r.Lo; k < r.Hi; k++ {
				const h = 1e-6
				loss := func(x float64) float64 {
					w := m.weights.Clone()
					w.Set(k, w.At(k)+x)
					return must(o.Loss(w, b))
				}
				if want := (loss(h) - loss(-h)) / (2 * h); math.Abs(g.At(k)-want) > 1e-8 {
					t.Errorf("%s[%d]: %v, want %v", r.Name, k-r.Lo, g.At(k), want)
				}
			}
		}
	}
}
