package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph/op"
)

// BatchNormOption changes what BatchNorm does.
type BatchNormOption interface{ batchNorm(*batchNorm) }

// Momentum sets the share of a batch in batch norm's running statistics, in [0, 1]; the default is 0.1.
func Momentum(share float64) BatchNormOption { return momentum(share) }

type momentum float64

func (m momentum) batchNorm(l *batchNorm) { l.config.Momentum = float64(m) }

// Epsilon sets what batch norm adds to the variance, above 0; the default is 1e-5.
func Epsilon(e float64) BatchNormOption { return epsilon(e) }

type epsilon float64

func (e epsilon) batchNorm(l *batchNorm) { l.config.Epsilon = float64(e) }

// NoScale leaves batch norm's scale out, as if it were 1 for good: there is a shift only.
func NoScale() BatchNormOption { return noScale{} }

type noScale struct{}

func (noScale) batchNorm(l *batchNorm) { l.noScale = true }

// BatchNorm normalises each channel, the last axis, over the batch and the axes before, then scales and shifts it.
//
//	y = scale·(x − mean)/√(variance + epsilon) + shift        scale, shift: (channels)
//
// In training, mean and variance are the batch's, which must hold two values a channel at least, and the running
// statistics follow them: running ← running + momentum·(batch − running), the variance without bias. In evaluation they
// are the running statistics, which start as mean 0 and variance 1 and are part of a saved model.
//
// Weights, in the group "norm": scale, starts at 1; shift, starts at 0. Options: Momentum, Epsilon,
// NoScale.
//
// Ioffe & Szegedy 2015, algorithms 1 and 2.
func BatchNorm(options ...BatchNormOption) Layer {
	l := &batchNorm{config: op.DefaultBatchNorm}
	l.err = each(options, func(o BatchNormOption) { o.batchNorm(l) })
	return l
}

type batchNorm struct {
	config  op.BatchNormConfig
	noScale bool
	err     error
}

func (*batchNorm) Name() string { return "batchnorm" }

func (l *batchNorm) Apply(c *Context, x *gorgonia.Node) (*gorgonia.Node, error) {
	if l.err != nil {
		return nil, l.err
	}
	shape := c.Shape(x)
	if len(shape) == 0 {
		return nil, errors.New("input of scalars, want channels as the last axis")
	}
	channels := shape[len(shape)-1]
	scale, err := l.scale(c, channels)
	if err != nil {
		return nil, err
	}
	shift, err := c.Parameter("norm", "shift", Zeros, channels)
	if err != nil {
		return nil, err
	}
	state, err := c.State(func() (State, error) {
		s, err := op.NewBatchNormState(channels, l.config)
		return statistics{s}, err
	})
	if err != nil {
		return nil, err
	}
	return op.BatchNorm(x, scale, shift, state.(statistics).BatchNormState, c.Training())
}

// scale is the weight of that name, or ones.
func (l *batchNorm) scale(c *Context, channels int) (*gorgonia.Node, error) {
	if !l.noScale {
		return c.Parameter("norm", "scale", Ones, channels)
	}
	ones := tensor.Ones(c.Dtype(), channels)
	n := gorgonia.NewVector(c.graph, c.Dtype(), gorgonia.WithName(c.scope.join("ones")), gorgonia.WithValue(ones))
	c.fixed = append(c.fixed, n)
	return n, nil
}

// statistics are a batch norm's running statistics as a State.
type statistics struct{ *op.BatchNormState }

func (s statistics) Visit(f func(name string, array []float64)) {
	f("running_mean", s.RunningMean)
	f("running_var", s.RunningVar)
}

func (s statistics) Move(may bool) { s.MoveStats = may }

func (s statistics) SetMomentum(c float64) (before float64) {
	before, s.Momentum = s.Momentum, c
	return before
}
