package train

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/fallline/fallline/internal/memory"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// PerhapsLinear is an optional interface of Model: it says whether the model is linear, with the names of its weight
// and, where it has one, its bias among the Weights, and its loss, which is "softmax cross-entropy" or "mean squared
// error". nn.Model tells it from its graph.
type PerhapsLinear interface {
	Linear() (weight, bias, loss string, ok bool)
}

// Linear returns the objective as a solvers.LinearObjective where the model is linear with a loss that is known: SAGA
// and SAG then keep residuals in the place of gradients. They ask for it themselves.
func (o *Objective) Linear() (solvers.LinearObjective, bool) {
	m, ok := o.model.(PerhapsLinear)
	if !ok {
		return nil, false
	}
	weight, bias, loss, ok := m.Linear()
	if !ok || loss != "softmax cross-entropy" && loss != "mean squared error" {
		return nil, false
	}
	w := o.model.Weights()
	l := &linearObjective{Objective: o, classes: loss == "softmax cross-entropy"}
	l.scratch = vector.ByType[any](w.Type(), new(linearScratch[float32]), new(linearScratch[float64]))
	if l.weight, ok = w.Find(weight); !ok || len(l.weight.Shape) != 2 {
		return nil, false
	}
	l.d, l.k = l.weight.Shape[0], l.weight.Shape[1]
	if bias != "" {
		if l.bias, ok = w.Find(bias); !ok || l.bias.Hi-l.bias.Lo != l.k {
			return nil, false
		}
	}
	return l, true
}

// Random says whether an example's loss depends on the draw, as with dropout in the model or augmentation in the
// dataset.
func (o *Objective) Random() bool {
	m, ok := o.model.(solvers.Random)
	return ok && m.Random() || datasets.Random(o.data)
}

// linearObjective is an Objective whose model is linear.
type linearObjective struct {
	*Objective
	weight, bias vector.Range // bias is empty where there is none
	d, k         int          // inputs and outputs
	classes      bool         // the loss is softmax cross-entropy; else the mean squared error
	scratch      any          // *linearScratch[T] for the weights' T
}

// linearScratch is scratch memory for a batch: examples, outputs, residuals and column sums.
type linearScratch[T kernel.Float] struct{ x, z, r, sum []T }

// Outputs is the number of outputs.
func (l *linearObjective) Outputs() int { return l.k }

// Residuals writes the derivatives of the examples' losses by their outputs into r and returns the mean loss.
func (l *linearObjective) Residuals(w *vector.Vector, b batch.Batch, r []float64) (float64, error) {
	b, err := l.read(b)
	if err != nil {
		return 0, err
	}
	if len(r) < len(b.Index)*l.k {
		return 0, errors.Errorf("train: room for %d residuals of %d examples of %d outputs", len(r), len(b.Index), l.k)
	}
	return vector.ByType(w.Type(), residuals[float32], residuals[float64])(l, w, b, r), nil
}

// AddOuter adds the outer products of the residuals and the examples to g. A context doesn't end it: the examples are
// those whose residuals are there already, and tables go on with both.
func (l *linearObjective) AddOuter(g *vector.Vector, b batch.Batch, r []float64) error {
	b, err := l.reader.Batch(b)
	if err != nil {
		return err
	}
	vector.ByType(g.Type(), addOuter[float32], addOuter[float64])(l, g, b, r)
	return nil
}

func residuals[T kernel.Float](l *linearObjective, weights *vector.Vector, b batch.Batch, r []float64) (loss float64) {
	d, w := l.scratch.(*linearScratch[T]), vector.Of[T](weights)
	x := examples(d, b.X)
	rows := len(b.Index)
	n := rows * l.k
	d.z, d.r = memory.Resize(d.z, n), memory.Resize(d.r, n)
	var e gemm.Epilogue[T]
	if l.bias.Hi > l.bias.Lo {
		e.Bias = w[l.bias.Lo:l.bias.Hi]
	}
	gemm.WithEpilogue(false, false, rows, l.k, l.d, x, l.d, w[l.weight.Lo:l.weight.Hi], l.k, d.z, l.k, e)
	if l.classes {
		loss = softmax.CrossEntropy(rows, l.k, d.z, b.Labels, d.r)
		for i, v := range d.r {
			r[i] = float64(v) * float64(rows)
		}
		return loss / float64(rows)
	}
	for i, z := range d.z {
		miss := float64(z) - float64(b.Targets[i])
		r[i] = 2 * miss / float64(l.k)
		loss += miss * miss
	}
	return loss / float64(n)
}

func addOuter[T kernel.Float](l *linearObjective, gradient *vector.Vector, b batch.Batch, r []float64) {
	d, g := l.scratch.(*linearScratch[T]), vector.Of[T](gradient)
	x, rows := examples(d, b.X), len(b.Index)
	d.r, d.sum = memory.Resize(d.r, rows*l.k), memory.Resize(d.sum, l.k)
	vector.Convert(d.r, r)
	gemm.Gemm(true, false, l.d, l.k, rows, 1, x, l.d, d.r, l.k, 1, g[l.weight.Lo:l.weight.Hi], l.k)
	if l.bias.Hi > l.bias.Lo {
		norm.ColSum(rows, l.k, d.r, d.sum)
		pointwise.Axpy(1, d.sum, g[l.bias.Lo:l.bias.Hi])
	}
}

// examples returns a batch's examples in the weights' type.
func examples[T kernel.Float](d *linearScratch[T], x []float32) []T {
	if same, ok := any(x).([]T); ok {
		return same
	}
	d.x = memory.Resize(d.x, len(x))
	vector.Convert(d.x, x)
	return d.x
}
