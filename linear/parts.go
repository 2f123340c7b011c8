package linear

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/sparse"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/vector"
)

const (
	blockRows  = 128     // rows evaluated together: with 784 columns of float32 they stay in the second-level cache
	partWork   = 1 << 17 // products that make a part worth a thread
	mostParts  = 16      // at most; each has a gradient of its own
	partMemory = 1 << 24 // elements that all of those gradients take at most
)

// model is a linear model for one type of element. It works on the rows of a batch in parts: each adds up a gradient of
// its own, block by block, and the sums of the parts are added up in order.
type model[T kernel.Float] struct {
	kind      Loss
	d, k      int
	intercept bool
	y         []float64
	class     []int
	sparse    *sparse.Matrix[T] // one of the two is set
	dense     []T

	parts []part[T]
	job   job[T]
}

// job is what a call asks for.
type job[T kernel.Float] struct {
	index     []int32
	rows      int // in a part
	weight    []T
	bias      []T
	want      want
	scale     T
	residuals []float64
}

// want says what a job computes.
type want int

const (
	wantLoss      want = iota // losses
	wantGradient              // losses and gradients
	wantGram                  // gradients with the outputs in the place of the residuals
	wantResiduals             // losses and residuals
	wantOuter                 // gradients with given residuals
)

// part is the memory of a part.
type part[T kernel.Float] struct {
	loss  float64
	g     []T // d×k, and k of the intercept
	z     []T // block×k
	x     []T // block×d gathered dense rows
	class []int
	y     []float64
}

func newModel[T kernel.Float](m *Model, n, d int) *model[T] {
	o := &model[T]{kind: m.Loss, d: d, k: m.Classes, intercept: m.Intercept, y: m.Labels}
	switch rows := m.Rows.(type) {
	case CSR:
		o.sparse = sparseOf[T](rows)
	case Dense:
		o.dense = denseOf[T](rows)
	}
	if m.Loss == Softmax {
		o.class = make([]int, n)
		for i, y := range m.Labels {
			o.class[i] = int(y)
		}
	}
	return o
}

// split returns the elements of the weights and of the intercept, which may be nil.
func split[T kernel.Float](v *vector.Vector) (weight, bias []T) {
	x := vector.Of[T](v)
	weight = x[v.Ranges[0].Lo:v.Ranges[0].Hi]
	if len(v.Ranges) > 1 {
		bias = x[v.Ranges[1].Lo:v.Ranges[1].Hi]
	}
	return weight, bias
}

func (o *model[T]) gradient(w, g *vector.Vector, b batch.Batch) float64 {
	return o.backward(w, g, b, wantGradient)
}

func (o *model[T]) gram(v, g *vector.Vector) {
	o.backward(v, g, batch.Batch{Index: all(o.examples())}, wantGram)
}

// backward computes a mean gradient.
func (o *model[T]) backward(w, g *vector.Vector, b batch.Batch, want want) float64 {
	weight, bias := split[T](w)
	o.job = job[T]{index: b.Index, weight: weight, bias: bias, want: want, scale: 1 / T(len(b.Index))}
	o.run()
	g.Zero()
	o.collect(g)
	return o.sum() / float64(len(b.Index))
}

func (o *model[T]) loss(w *vector.Vector, b batch.Batch) float64 {
	weight, bias := split[T](w)
	o.job = job[T]{index: b.Index, weight: weight, bias: bias, want: wantLoss}
	o.run()
	return o.sum() / float64(len(b.Index))
}

func (o *model[T]) residuals(w *vector.Vector, b batch.Batch, r []float64) float64 {
	weight, bias := split[T](w)
	o.job = job[T]{index: b.Index, weight: weight, bias: bias, want: wantResiduals, residuals: r[:len(b.Index)*o.k]}
	o.run()
	return o.sum() / float64(len(b.Index))
}

func (o *model[T]) addOuter(g *vector.Vector, b batch.Batch, r []float64) {
	o.job = job[T]{index: b.Index, want: wantOuter, scale: 1, residuals: r[:len(b.Index)*o.k]}
	o.run()
	o.collect(g)
}

// all are the examples 0 to n−1.
func all(n int) []int32 {
	index := make([]int32, n)
	for i := range index {
		index[i] = int32(i)
	}
	return index
}

// examples is n.
func (o *model[T]) examples() int { return len(o.y) }

// width is how many products an output of an example takes, on average.
func (o *model[T]) width() int {
	if o.sparse != nil {
		return 1 + len(o.sparse.Col)/o.examples()
	}
	return o.d
}

// run does the job in parts.
func (o *model[T]) run() {
	j := &o.job
	n := len(j.index)
	parts := min(n*o.width()*o.k/partWork, mostParts, partMemory/(o.d*o.k))
	parts = max(parts, 1)
	j.rows = (n + parts - 1) / parts
	parts = (n + j.rows - 1) / j.rows
	for len(o.parts) < parts {
		o.parts = append(o.parts, part[T]{})
	}
	for i := range o.parts {
		o.parts[i].loss = 0
	}
	if parts == 1 {
		o.Run(0)
		return
	}
	threads.Parallel(parts, o)
}

// used are the parts of the job.
func (o *model[T]) used() []part[T] {
	return o.parts[:(len(o.job.index)+o.job.rows-1)/o.job.rows]
}

// sum adds up the losses of the parts.
func (o *model[T]) sum() (loss float64) {
	for i := range o.used() {
		loss += o.parts[i].loss
	}
	return loss
}

// collect adds the gradients of the parts to g.
func (o *model[T]) collect(g *vector.Vector) {
	weight, bias := split[T](g)
	for _, p := range o.used() {
		pointwise.Axpy(1, p.g[:len(weight)], weight)
		pointwise.Axpy(1, p.g[len(weight):][:len(bias)], bias)
	}
}
