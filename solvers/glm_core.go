package solvers

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/vector"
)

const (
	glmBlock    = 128     // rows evaluated together: with 784 columns of float32 they stay in the second-level cache
	glmPartWork = 1 << 17 // products that make a part worth a thread
	glmParts    = 16      // at most; each has a gradient of its own
	glmPartMem  = 1 << 24 // elements that all of those gradients take at most
)

// glm is a linear model for one type of element. It works on the rows of a batch in parts: each adds up a gradient of its own, block by
// block, and the sums of the parts are added up in order.
type glm[T kernel.Float] struct {
	kind      LinearLoss
	d, k      int
	intercept bool
	y         []float64
	class     []int
	sparse    *kernel.Sparse[T] // one of the two is set
	dense     []T

	parts []glmPart[T]
	job   glmJob[T]
}

// glmJob is what a call asks for.
type glmJob[T kernel.Float] struct {
	index     []int32
	rows      int // in a part
	weight    []T
	bias      []T
	want      glmWant
	scale     T
	residuals []float64
}

// glmWant says what a job computes.
type glmWant int

const (
	wantLoss      glmWant = iota // losses
	wantGradient                 // losses and gradients
	wantGram                     // gradients with the outputs in the place of the residuals
	wantResiduals                // losses and residuals
	wantOuter                    // gradients with given residuals
)

// glmPart is the memory of a part.
type glmPart[T kernel.Float] struct {
	loss  float64
	g     []T // d×k, and k of the intercept
	z     []T // block×k
	x     []T // block×d gathered dense rows
	class []int
	y     []float64
}

func newGLM[T kernel.Float](m *LinearModel, n, d int) *glm[T] {
	o := &glm[T]{kind: m.Loss, d: d, k: m.Classes, intercept: m.Intercept, y: m.Labels}
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

// elements are those of v in type T.
func elements[T kernel.Float](v *vector.Vector) []T {
	if x, ok := any(v.F64).([]T); ok && v.F64 != nil {
		return x
	}
	return any(v.F32).([]T)
}

// split returns the elements of the weights and of the intercept, which may be nil.
func split[T kernel.Float](v *vector.Vector) (weight, bias []T) {
	x := elements[T](v)
	weight = x[v.Ranges[0].Lo:v.Ranges[0].Hi]
	if len(v.Ranges) > 1 {
		bias = x[v.Ranges[1].Lo:v.Ranges[1].Hi]
	}
	return weight, bias
}

func (o *glm[T]) gradient(w, g *vector.Vector, b Batch) float64 {
	return o.backward(w, g, b, wantGradient)
}

func (o *glm[T]) gram(v, g *vector.Vector) {
	o.backward(v, g, Batch{Index: newOrder(o.examples()).index}, wantGram)
}

// backward computes a mean gradient.
func (o *glm[T]) backward(w, g *vector.Vector, b Batch, want glmWant) float64 {
	weight, bias := split[T](w)
	o.job = glmJob[T]{index: b.Index, weight: weight, bias: bias, want: want, scale: 1 / T(len(b.Index))}
	o.run()
	g.Zero()
	o.collect(g)
	return o.sum() / float64(len(b.Index))
}

func (o *glm[T]) loss(w *vector.Vector, b Batch) float64 {
	weight, bias := split[T](w)
	o.job = glmJob[T]{index: b.Index, weight: weight, bias: bias, want: wantLoss}
	o.run()
	return o.sum() / float64(len(b.Index))
}

func (o *glm[T]) residuals(w *vector.Vector, b Batch, r []float64) float64 {
	weight, bias := split[T](w)
	o.job = glmJob[T]{index: b.Index, weight: weight, bias: bias, want: wantResiduals, residuals: r[:len(b.Index)*o.k]}
	o.run()
	return o.sum() / float64(len(b.Index))
}

func (o *glm[T]) addOuter(g *vector.Vector, b Batch, r []float64) {
	o.job = glmJob[T]{index: b.Index, want: wantOuter, scale: 1, residuals: r[:len(b.Index)*o.k]}
	o.run()
	o.collect(g)
}

// examples is n.
func (o *glm[T]) examples() int { return len(o.y) }

// width is how many products an output of an example takes, on average.
func (o *glm[T]) width() int {
	if o.sparse != nil {
		return 1 + len(o.sparse.Col)/o.examples()
	}
	return o.d
}

// run does the job in parts.
func (o *glm[T]) run() {
	j := &o.job
	n := len(j.index)
	parts := min(n*o.width()*o.k/glmPartWork, glmParts, glmPartMem/(o.d*o.k))
	parts = max(parts, 1)
	j.rows = (n + parts - 1) / parts
	parts = (n + j.rows - 1) / j.rows
	for len(o.parts) < parts {
		o.parts = append(o.parts, glmPart[T]{})
	}
	for i := range o.parts {
		o.parts[i].loss = 0
	}
	if parts == 1 {
		o.Run(0)
		return
	}
	kernel.Parallel(parts, o)
}

// used are the parts of the job.
func (o *glm[T]) used() []glmPart[T] {
	return o.parts[:(len(o.job.index)+o.job.rows-1)/o.job.rows]
}

// sum adds up the losses of the parts.
func (o *glm[T]) sum() (loss float64) {
	for i := range o.used() {
		loss += o.parts[i].loss
	}
	return loss
}

// collect adds the gradients of the parts to g.
func (o *glm[T]) collect(g *vector.Vector) {
	weight, bias := split[T](g)
	for _, p := range o.used() {
		kernel.Axpy(1, p.g[:len(weight)], weight)
		kernel.Axpy(1, p.g[len(weight):][:len(bias)], bias)
	}
}

// Run does part i of the job.
func (o *glm[T]) Run(i int) {
	j, p := &o.job, &o.parts[i]
	if j.want != wantLoss && j.want != wantResiduals {
		p.g = grown(p.g, (o.d+1)*o.k)
		clear(p.g)
	}
	lo, hi := i*j.rows, min((i+1)*j.rows, len(j.index))
	for ; lo < hi; lo += glmBlock {
		o.block(p, lo, min(lo+glmBlock, hi))
	}
}

// block does the examples lo to hi−1 of the batch.
func (o *glm[T]) block(p *glmPart[T], lo, hi int) {
	j := &o.job
	index := j.index[lo:hi]
	p.z = grown(p.z, len(index)*o.k)
	x := o.take(p, index)
	scale := j.scale
	if j.want == wantOuter {
		narrow(p.z, j.residuals[lo*o.k:hi*o.k])
	} else {
		o.outputs(index, x, j.weight, j.bias, p.z)
	}
	switch j.want {
	case wantLoss, wantGradient, wantResiduals:
		p.loss += o.toResiduals(p, index, j.want != wantLoss)
	}
	if j.want == wantResiduals {
		widen(j.residuals[lo*o.k:hi*o.k], p.z)
	}
	if j.want == wantLoss || j.want == wantResiduals {
		return
	}
	o.outer(index, x, scale, p.z, p.g[:o.d*o.k])
	if o.intercept {
		to := p.g[o.d*o.k:]
		for r := range index {
			for c := range to {
				to[c] += scale * p.z[r*o.k+c]
			}
		}
	}
}

// take returns the dense rows of index one after another; nil where rows are sparse.
func (o *glm[T]) take(p *glmPart[T], index []int32) []T {
	if o.sparse != nil {
		return nil
	}
	together := true
	for r, i := range index {
		together = together && i == index[0]+int32(r)
	}
	if together {
		return o.dense[int(index[0])*o.d:][:len(index)*o.d]
	}
	p.x = grown(p.x, len(index)*o.d)
	for r, i := range index {
		copy(p.x[r*o.d:(r+1)*o.d], o.dense[int(i)*o.d:])
	}
	return p.x
}

// outputs writes z = Wᵀx + c.
func (o *glm[T]) outputs(index []int32, x, weight, bias, z []T) {
	if o.sparse != nil {
		o.sparse.Product(index, o.k, weight, bias, z)
		return
	}
	kernel.GemmEpilogue(false, false, len(index), o.k, o.d, x, o.d, weight, o.k, z, o.k, kernel.Epilogue[T]{Bias: bias})
}

// toResiduals turns the outputs in p.z into residuals, if wanted, and returns the sum of the losses.
func (o *glm[T]) toResiduals(p *glmPart[T], index []int32, want bool) float64 {
	if o.kind != Softmax {
		p.y = grown(p.y, len(index))
		for r, i := range index {
			p.y[r] = o.y[i]
		}
		return kernel.Residuals(kernel.Loss(o.kind), p.z, p.y)
	}
	p.class = grown(p.class, len(index))
	for r, i := range index {
		p.class[r] = o.class[i]
	}
	if !want {
		return kernel.SoftmaxCrossEntropy(len(index), o.k, p.z, p.class, nil)
	}
	loss := kernel.SoftmaxCrossEntropy(len(index), o.k, p.z, p.class, p.z)
	kernel.Scale(T(len(index)), p.z)
	return loss
}

// outer adds scale Σ x ⊗ z to g.
func (o *glm[T]) outer(index []int32, x []T, scale T, z, g []T) {
	if o.sparse != nil {
		o.sparse.AddOuter(index, o.k, scale, z, g)
		return
	}
	kernel.Gemm(true, false, o.d, o.k, len(index), scale, x, o.d, z, o.k, 1, g, o.k)
}

// grown returns a slice of n elements, s if it is large enough.
func grown[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
