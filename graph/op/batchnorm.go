package op

import (
	"math"
	"slices"
	"sync/atomic"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/norm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// BatchNorm normalises each channel, the last axis, over the batch and all other axes (Ioffe & Szegedy 2015).
//
//	y = gamma·x̂ + beta    x̂ = (x − mean)/√(variance + Epsilon)
//
//	x, y (batch, ..., channels)   gamma, beta (channels)
//
// In training, mean and variance are those of the batch, the variance biased, and where s.MoveStats says so the running
// statistics follow, once in a run, with the unbiased variance:
//
//	running ← (1 − Momentum)·running + Momentum·batch
//
//	dbeta = Σ dy   dgamma = Σ dy·x̂   dx = gamma/√(variance + Epsilon)·(dy − dbeta/M − x̂·dgamma/M)
//
// for M values a channel.
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
	return apply(pick(dt, newBatchNorm[float32](s, training, Then{}), newBatchNorm[float64](s, training, Then{})), x, gamma, beta)
}

// batchNorm is the normalisation with what it has taken over; with a pool the normalised values are never stored.
type batchNorm[T kernel.Float] struct {
	training bool
	then     Then
	state    *BatchNormState
	id       uint64 // two normalisations of one value move the statistics twice
}

// normalisations counts the batch normalisations that were made.
var normalisations atomic.Uint64

func newBatchNorm[T kernel.Float](s *BatchNormState, training bool, t Then) batchNorm[T] {
	return batchNorm[T]{training, t, s, normalisations.Add(1)}
}

// Rows of the first value beside the result, (4, channels): the mean, 1/√(variance + Epsilon), and the factor and shift
// that make y of x.
const (
	normMean = iota
	normInvStd
	normScale
	normShift
	normRows
)

// Extras are what the gradient reads of the statistics, the statistics themselves in float64, and the places of the
// maxima if there is a pool.
func (b batchNorm[T]) Extras(in []tensor.Shape) []Extra {
	c := len(b.state.RunningMean)
	list := []Extra{
		{Dtype: dtypeOf[T](), Shape: tensor.Shape{normRows, c}, Always: true},
		{Dtype: tensor.Float64, Shape: tensor.Shape{2, c}, Always: true},
	}
	if s, err := b.Shape(in); err == nil && b.then.pools() {
		list = append(list, places(s)...)
	}
	return list
}

// norm is a normalisation over so many rows, as the kernels take it; found is the first value beside its result.
func (b batchNorm[T]) norm(rows int, gamma, found []T) norm.Norm[T] {
	c := len(gamma)
	row := func(i int) []T { return found[i*c : (i+1)*c : (i+1)*c] }
	return norm.Norm[T]{
		Rows: rows, C: c, Scale: row(normScale), Shift: row(normShift), Mean: row(normMean), InvStd: row(normInvStd), Gamma: gamma,
		Frozen: !b.training, Then: thenNorm[b.then.Activation],
	}
}

// thenNorm is what the kernels call an activation.
var thenNorm = [...]norm.Activation{Identity: norm.NoActivation, ActReLU: norm.ThenRelu, ActGELU: norm.ThenGelu}

func (b batchNorm[T]) String() string { return "batchnorm" + b.then.String() }

func (b batchNorm[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, c := in[0], len(b.state.RunningMean)
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
	if b.training && x.TotalSize() < 2*c {
		return nil, errors.Errorf("x of shape %v has one value a channel, want at least 2 in training", x)
	}
	if b.then.pools() {
		return b.then.MaxPool.outShape(x)
	}
	return slices.Clone(x), nil
}

func (b batchNorm[T]) RunExtras(out gorgonia.Value, extras, in []gorgonia.Value) error {
	n, err := b.prepare(extras, in)
	if err != nil {
		return err
	}
	x, y := data[T](in[0]), data[T](out)
	if b.then.pools() {
		norm.BatchNormMaxPool(n, b.then.MaxPool.on(in[0].Shape()), x, y, Elements[uint16](extras[2]))
		return nil
	}
	norm.BatchNormApply(n, x, y)
	return nil
}

// prepare finds the statistics for the inputs x, gamma and beta.
func (b batchNorm[T]) prepare(extras, in []gorgonia.Value) (norm.Norm[T], error) {
	x, gamma, beta := data[T](in[0]), data[T](in[1]), data[T](in[2])
	c := len(gamma)
	rows := len(x) / c
	mean, variance := b.state.RunningMean, b.state.RunningVar
	if len(mean) != c || len(variance) != c {
		return norm.Norm[T]{}, errors.Errorf("%d running means and %d variances for x of shape %v", len(mean), len(variance), in[0].Shape())
	}
	if b.training {
		moments := data[float64](extras[1])
		mean, variance = moments[:c], moments[c:]
		norm.BatchNormStats(rows, c, x, mean, variance)
		if b.state.MoveStats {
			b.state.move(rows, mean, variance)
		}
	}
	n := b.norm(rows, gamma, data[T](extras[0]))
	for j := range c {
		inv := 1 / math.Sqrt(variance[j]+b.state.Epsilon)
		a := float64(gamma[j]) * inv
		n.Mean[j], n.InvStd[j] = T(mean[j]), T(inv)
		n.Scale[j], n.Shift[j] = T(a), T(float64(beta[j])-mean[j]*a)
	}
	return n, nil
}

// Fuse takes over a ReLU or GELU, and a pool.
func (b batchNorm[T]) Fuse(next Description) Description {
	t, ok := b.then.with(next)
	if !ok || t.Activation > ActGELU {
		return nil
	}
	return newBatchNorm[T](b.state, b.training, t)
}
