package op

import (
	"math"
	"slices"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BatchNorm normalises each channel, the last axis, over the batch and all other axes (Ioffe & Szegedy 2015).
//
//	y = gamma·x̂ + beta    x̂ = (x − mean)/√(variance + Epsilon)      x, y (batch, ..., channels)   gamma, beta (channels)
//
// In training, mean and variance are those of the batch, the variance biased, and where s.MoveStats says so the running
// statistics follow, once in a run, with the unbiased variance:
//
//	running ← (1 − Momentum)·running + Momentum·batch
//
//	dbeta = Σ dy   dgamma = Σ dy·x̂   dx = gamma/√(variance + Epsilon)·(dy − dbeta/M − x̂·dgamma/M)    M values a channel
//
// Out of training they are the running statistics, which are constants: dx = gamma/√(variance + Epsilon)·dy.
//
// A training batch with one value a channel has no variance and is an error.
func BatchNorm(x, gamma, beta *gorgonia.Node, s *BatchNormState, training bool) (*gorgonia.Node, error) {
	dt, err := operands("batchnorm", x, gamma, beta)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, errors.New("op: batchnorm: the state is nil")
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	const then = kernel.NoActivation
	return apply(pick(dt, newBatchNorm[float32](s, training, then), newBatchNorm[float64](s, training, then)), x, gamma, beta)
}

type batchNorm[T kernel.Float] struct {
	training bool
	then     kernel.Activation
	id       uint64
	state    *BatchNormState
	pass     *normPass[T]
}

// normPass is what the last pass leaves: the forward pass the statistics that it used, the backward pass the gradients by
// gamma and beta.
type normPass[T kernel.Float] struct {
	mean, variance  []float64
	center, invStd  []T // mean and 1/√(variance + Epsilon)
	scale, shift    []T
	dgamma, dbeta   []T
	forwardElements int
}

func newBatchNorm[T kernel.Float](s *BatchNormState, training bool, then kernel.Activation) batchNorm[T] {
	c := len(s.RunningMean)
	vectors := make([]T, 6*c)
	part := func(i int) []T { return vectors[i*c : (i+1)*c : (i+1)*c] }
	return batchNorm[T]{training, then, newID(), s, &normPass[T]{
		mean: make([]float64, c), variance: make([]float64, c),
		center: part(0), invStd: part(1), scale: part(2), shift: part(3), dgamma: part(4), dbeta: part(5),
	}}
}

// norm is the last pass, over so many rows, as the kernels take it.
func (b batchNorm[T]) norm(rows int, gamma []T) kernel.Norm[T] {
	p := b.pass
	return kernel.Norm[T]{
		Rows: rows, C: len(gamma), Scale: p.scale, Shift: p.shift, Mean: p.center, InvStd: p.invStd, Gamma: gamma,
		Frozen: !b.training, Then: b.then,
	}
}

func (b batchNorm[T]) String() string {
	return "batchnorm" + [...]string{"", "+relu", "+gelu"}[b.then]
}

func (b batchNorm[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, c := in[0], len(b.pass.mean)
	if len(x) < 2 {
		return nil, errors.Errorf("x has shape %v, want (batch, ..., channels)", x)
	}
	if x[len(x)-1] != c {
		return nil, errors.Errorf("x has shape %v, the running statistics have shape (%d)", x, c)
	}
	for i, name := range []string{"gamma", "beta"} {
		if p := in[i+1]; len(p) != 1 || p[0] != c {
			return nil, errors.Errorf("%s has shape %v, want (%d) for x of shape %v", name, p, c, x)
		}
	}
	return slices.Clone(x), nil
}

func (b batchNorm[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	norm, err := b.prepare(in)
	if err != nil {
		return err
	}
	kernel.BatchNormApply(norm, data[T](in[0]), data[T](out))
	return nil
}

// prepare finds the statistics for the inputs x, gamma and beta.
func (b batchNorm[T]) prepare(in []gorgonia.Value) (kernel.Norm[T], error) {
	x, p, c := data[T](in[0]), b.pass, len(b.pass.mean)
	rows := len(x) / c
	mean, variance := b.state.RunningMean, b.state.RunningVar
	if len(mean) != c || len(variance) != c {
		return kernel.Norm[T]{}, errors.Errorf("%d running means and %d variances for x of shape %v", len(mean), len(variance), in[0].Shape())
	}
	if b.training {
		if rows < 2 {
			return kernel.Norm[T]{}, errors.Errorf("x of shape %v has one value a channel, want at least 2 in training", in[0].Shape())
		}
		mean, variance = p.mean, p.variance
		kernel.BatchNormStats(rows, c, x, mean, variance)
		if b.state.MoveStats {
			b.state.move(rows, mean, variance)
		}
	}
	gamma, beta := data[T](in[1]), data[T](in[2])
	for j := range c {
		inv := 1 / math.Sqrt(variance[j]+b.state.Epsilon)
		a := float64(gamma[j]) * inv
		p.center[j], p.invStd[j] = T(mean[j]), T(inv)
		p.scale[j], p.shift[j] = T(a), T(float64(beta[j])-mean[j]*a)
	}
	p.forwardElements = len(x)
	return b.norm(rows, gamma), nil
}

func (b batchNorm[T]) fuse(next Body) Body {
	if p, ok := next.(maxPool[T]); ok && !p.relu {
		return batchNormPool[T]{newBatchNorm[T](b.state, b.training, b.then), p.Pool2DConfig, new(cells)}
	}
	if b.then != kernel.NoActivation {
		return nil
	}
	if isReLU[T](next) {
		return newBatchNorm[T](b.state, b.training, kernel.ThenRelu)
	}
	if _, ok := next.(gelu[T]); ok {
		return newBatchNorm[T](b.state, b.training, kernel.ThenGelu)
	}
	return nil
}
