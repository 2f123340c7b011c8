package datasets

import (
	"fmt"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Normalize makes every value (x − mean)/std, with a mean and a standard deviation for each channel, the last dimension
// of the shape. It goes with any dataset, images or not; Statistics has the numbers. An Images has a method of the same
// name that does it to all of the set.
//
// Test examples take the training set's numbers, and nothing random: Augment(test, 0, Normalize(mean, std)).
//
// Another number of means or deviations than there are channels, a mean that isn't finite and a deviation that isn't
// positive and finite are errors of Augment. A deviation of 0 is that of a channel whose values are all the same, from
// which nothing can be learned: leave the column out (CSV.Leave), or put 1 in the deviation's place, which makes the
// values 0.
func Normalize(mean, std []float64) Transform {
	return &normalize{slices.Clone(mean), slices.Clone(std)}
}

type normalize struct{ mean, std []float64 }

func (t *normalize) Validate(shape []int) error {
	channels := 1
	if n := len(shape); n > 0 {
		channels = shape[n-1]
	}
	return checkMoments(t.mean, t.std, channels, nil)
}

// checkMoments checks the numbers to normalise with; columns are the names of the channels, nil for none.
func checkMoments(mean, std []float64, channels int, columns []string) error {
	if len(mean) != channels || len(std) != channels {
		return errors.Errorf("%d means and %d standard deviations for %d channels", len(mean), len(std), channels)
	}
	for c := range mean {
		name := ""
		if c < len(columns) {
			name = fmt.Sprintf(" (column %q)", columns[c])
		}
		switch {
		case math.IsNaN(mean[c]) || math.IsInf(mean[c], 0):
			return errors.Errorf("mean %v of channel %d%s, want a finite number", mean[c], c, name)
		case std[c] == 0:
			return errors.Errorf("standard deviation 0 of channel %d%s, whose values are all the same: leave it out, or give 1 in its place", c, name)
		case !(std[c] > 0) || math.IsInf(std[c], 0):
			return errors.Errorf("standard deviation %v of channel %d%s, want a positive finite number", std[c], c, name)
		}
	}
	return nil
}

func (t *normalize) of(x float32, channel int) float32 {
	return float32((float64(x) - t.mean[channel]) / t.std[channel])
}

// fold returns images whose bytes stand for the normalised values.
func (t *normalize) fold(m *Images) *Images {
	n := *m
	n.values = slices.Clone(m.values)
	for c := range n.values {
		for p, x := range n.values[c] {
			n.values[c][p] = t.of(x, c)
		}
	}
	return &n
}

func (t *normalize) Apply(m *Image) {
	if m.source != nil && m.folded[m.stage] != nil {
		m.source = m.folded[m.stage]
		return
	}
	x := m.Values()
	for c := range t.mean {
		for i := c; i < len(x); i += len(t.mean) {
			x[i] = t.of(x[i], c)
		}
	}
}

// Random says that this is the same each time.
func (t *normalize) Random() bool { return false }

func (t *normalize) String() string { return fmt.Sprintf("Normalize(%v, %v)", t.mean, t.std) }
