package op

import (
	"math"

	"github.com/pkg/errors"
)

// BatchNormConfig are the two numbers of a batch normalisation: Epsilon, above 0, is added to the variance; Momentum,
// in [0, 1], is the share of a batch in the running statistics.
type BatchNormConfig struct{ Epsilon, Momentum float64 }

// DefaultBatchNorm is PyTorch's default.
var DefaultBatchNorm = BatchNormConfig{Epsilon: 1e-5, Momentum: 0.1}

// BatchNormState is what a training graph and an evaluation graph have in common of a batch normalisation: the settings
// and the running statistics. It is not safe to run two graphs on it at once while statistics move.
type BatchNormState struct {
	BatchNormConfig
	// RunningMean and RunningVar are the moving averages of the batches' means and unbiased variances, by channel.
	RunningMean, RunningVar []float64
	// MoveStats lets a run of a training graph move the running statistics. A second look at a batch, as
	// variance-reduced methods take it, switches it off.
	MoveStats bool
}

// NewBatchNormState starts with mean 0 and variance 1, and moves its statistics.
func NewBatchNormState(channels int, cfg BatchNormConfig) (*BatchNormState, error) {
	if channels < 1 {
		return nil, errors.Errorf("op: batchnorm: %d channels, want at least 1", channels)
	}
	s := &BatchNormState{
		BatchNormConfig: cfg,
		RunningMean:     make([]float64, channels),
		RunningVar:      make([]float64, channels),
		MoveStats:       true,
	}
	for i := range s.RunningVar {
		s.RunningVar[i] = 1
	}
	return s, s.check()
}

func (s *BatchNormState) check() error {
	switch {
	case !(s.Epsilon > 0) || math.IsInf(s.Epsilon, 1):
		return errors.Errorf("op: batchnorm: epsilon %v, want a finite number above 0", s.Epsilon)
	case !(s.Momentum >= 0 && s.Momentum <= 1):
		return errors.Errorf("op: batchnorm: momentum %v outside [0, 1]", s.Momentum)
	case len(s.RunningMean) != len(s.RunningVar):
		return errors.Errorf("op: batchnorm: %d running means and %d running variances", len(s.RunningMean), len(s.RunningVar))
	}
	return nil
}

// move takes in the mean and biased variance of a batch of so many values a channel. A Momentum of 1 leaves nothing of
// what was there before, not even a NaN.
func (s *BatchNormState) move(values int, mean, variance []float64) {
	unbiased := float64(values) / float64(values-1)
	if s.Momentum == 1 {
		clear(s.RunningMean)
		clear(s.RunningVar)
	}
	for c := range s.RunningMean {
		s.RunningMean[c] += s.Momentum * (mean[c] - s.RunningMean[c])
		s.RunningVar[c] += s.Momentum * (variance[c]*unbiased - s.RunningVar[c])
	}
}
