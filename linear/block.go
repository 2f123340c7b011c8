package linear

import (
	"slices"

	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/glm"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/softmax"
	"github.com/fallline/fallline/vector"
)

// Run does part i of the job.
func (o *model[T]) Run(i int) {
	j, p := &o.job, &o.parts[i]
	if j.want != wantLoss && j.want != wantResiduals {
		p.g = slices.Grow(p.g[:0], (o.d+1)*o.k)[:(o.d+1)*o.k]
		clear(p.g)
	}
	lo, hi := i*j.rows, min((i+1)*j.rows, len(j.index))
	for ; lo < hi; lo += blockRows {
		o.block(p, lo, min(lo+blockRows, hi))
	}
}

// block does the examples lo to hi−1 of the batch.
func (o *model[T]) block(p *part[T], lo, hi int) {
	j := &o.job
	index := j.index[lo:hi]
	p.z = slices.Grow(p.z[:0], len(index)*o.k)[:len(index)*o.k]
	x := o.take(p, index)
	scale := j.scale
	if j.want == wantOuter {
		vector.Convert(p.z, j.residuals[lo*o.k:hi*o.k])
	} else {
		o.outputs(index, x, j.weight, j.bias, p.z)
	}
	switch j.want {
	case wantLoss, wantGradient, wantResiduals:
		p.loss += o.toResiduals(p, index, j.want != wantLoss)
	}
	if j.want == wantResiduals {
		vector.Convert(j.residuals[lo*o.k:hi*o.k], p.z)
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
func (o *model[T]) take(p *part[T], index []int32) []T {
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
	p.x = slices.Grow(p.x[:0], len(index)*o.d)[:len(index)*o.d]
	for r, i := range index {
		copy(p.x[r*o.d:(r+1)*o.d], o.dense[int(i)*o.d:])
	}
	return p.x
}

// outputs writes z = Wᵀx + c.
func (o *model[T]) outputs(index []int32, x, weight, bias, z []T) {
	if o.sparse != nil {
		o.sparse.Product(index, o.k, weight, bias, z)
		return
	}
	gemm.WithEpilogue(false, false, len(index), o.k, o.d, x, o.d, weight, o.k, z, o.k, gemm.Epilogue[T]{Bias: bias})
}

// toResiduals turns the outputs in p.z into residuals, if wanted, and returns the sum of the losses.
func (o *model[T]) toResiduals(p *part[T], index []int32, want bool) float64 {
	if o.kind != Softmax {
		p.y = slices.Grow(p.y[:0], len(index))[:len(index)]
		for r, i := range index {
			p.y[r] = o.y[i]
		}
		return glm.Residuals(glm.Loss(o.kind), p.z, p.y)
	}
	p.class = slices.Grow(p.class[:0], len(index))[:len(index)]
	for r, i := range index {
		p.class[r] = o.class[i]
	}
	if !want {
		return softmax.CrossEntropy(len(index), o.k, p.z, p.class, nil)
	}
	loss := softmax.CrossEntropy(len(index), o.k, p.z, p.class, p.z)
	pointwise.Scale(T(len(index)), p.z)
	return loss
}

// outer adds scale Σ x ⊗ z to g.
func (o *model[T]) outer(index []int32, x []T, scale T, z, g []T) {
	if o.sparse != nil {
		o.sparse.AddOuter(index, o.k, scale, z, g)
		return
	}
	gemm.Gemm(true, false, o.d, o.k, len(index), scale, x, o.d, z, o.k, 1, g, o.k)
}
