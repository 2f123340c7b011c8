package instruments

import (
	"context"
	"math"

	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Noise is how noisy the gradients of single examples are: what a larger batch can gain.
//
//	Scale = S/G²    with S = tr Cov(∇fᵢ), G² = ‖∇f‖²
//
// Batches of fewer examples than Scale save time almost in proportion to their size; those of many more are mostly a
// waste of examples: a batch of b takes 1 + Scale/b times as many steps as the full gradient would. It is the simple
// noise scale, which takes the Hessian for a multiple of the identity. It grows as the loss falls.
//
// McCandlish, Kaplan, Amodei & the OpenAI Dota Team 2018, An empirical model of large-batch training, equation 2.9.
type Noise struct {
	Scale     float64 // B_simple, in examples; +Inf where the estimate of G² isn't above 0: it takes more batches
	Variance  float64 // S, the sum of the variances of the gradient's elements, for batches of one example
	Square    float64 // G², the squared length of the true gradient
	Gradients int64   // gradients of single examples that measuring took
}

// NoiseScale is the noise that the squared lengths of a small and a large batch's gradients tell of, both of which are
// means over batches where there are more of them:
//
//	G² = (B ‖g_B‖² − b ‖g_b‖²)/(B − b)
//	S = (‖g_b‖² − ‖g_B‖²)/(1/b − 1/B)
//
// Both are unbiased, whether the small batch is a part of the large one or not; their ratio isn't, so that it is they
// that should be averaged over iterations. McCandlish et al. 2018, appendix A.1. small and large are the squared
// lengths, b and B the sizes of the batches: 1 ≤ b < B, or there is an error.
func NoiseScale(small, large float64, smallBatch, largeBatch int) (Noise, error) {
	if smallBatch < 1 || smallBatch >= largeBatch {
		return Noise{}, errors.Errorf("instruments: noise scale from batches of %d and %d examples, want the first smaller, and at least 1",
			smallBatch, largeBatch)
	}
	b, B := float64(smallBatch), float64(largeBatch)
	return newNoise((small-large)/(1/b-1/B), (B*large-b*small)/(B-b)), nil
}

// NoiseOf is the noise that the pieces of a batch tell of, very roughly: NoiseTracker averages. It is zero where the
// batch was whole.
//
//	S = (Σ bᵢ ‖gᵢ‖² − B ‖g‖²)/(k − 1),  G² = ‖g‖² − S/B    for k pieces of bᵢ examples, B together
func NoiseOf(p solvers.Pieces) Noise {
	if p.Count < 2 {
		return Noise{}
	}
	B := float64(p.Examples)
	variance := (p.Squares - B*p.Square) / float64(p.Count-1)
	return newNoise(variance, p.Square-variance/B)
}

// newNoise works out the scale.
func newNoise(variance, square float64) Noise {
	n := Noise{Scale: math.Inf(1), Variance: variance, Square: square}
	if square > 0 {
		n.Scale = max(0, variance) / square
	}
	return n
}

// NoiseMeter measures the noise scale at some weights, with batches drawn with replacement for this alone. Each large
// batch is evaluated in its Large/Small small parts, so that one pass over its examples gives the lengths of the small
// gradients and, by their mean, of the large one.
type NoiseMeter struct {
	Small   int    // examples in a small batch, at least 1
	Large   int    // examples in a large batch: a multiple of Small, at least twice that
	Batches int    // how many large batches, at least 1
	Seed    uint64 // of the batches
}

// DefaultNoiseMeter suits models whose scale is up to some thousands.
var DefaultNoiseMeter = NoiseMeter{Small: 32, Large: 1024, Batches: 4}

// Measure measures at the weights w, which stay as they are, as batch norm's statistics do. Its large batches see draws
// of dropout and augmentation of their own. It takes Large·Batches gradients, and the memory of three vectors. It ends
// early with the context's error.
func (m NoiseMeter) Measure(ctx context.Context, obj solvers.Objective, w *vector.Vector) (Noise, error) {
	n, err := m.measure(ctx, obj, w)
	return n, errors.WithMessage(err, "instruments: noise scale")
}

func (m NoiseMeter) measure(ctx context.Context, obj solvers.Objective, w *vector.Vector) (n Noise, err error) {
	if err := checkMeasured(ctx, obj, w); err != nil {
		return n, err
	}
	switch least := minBatch(obj); {
	case m.Small < least || m.Small > obj.Len():
		return n, errors.Errorf("small batches of %s, want %d to %d", text.Count(m.Small, "example"), least, obj.Len())
	case m.Large < 2*m.Small || m.Large%m.Small != 0:
		return n, errors.Errorf("large batches of %d examples in parts of %d, want a multiple, at least twice", m.Large, m.Small)
	case m.Batches < 1:
		return n, errors.Errorf("%d batches, want at least 1", m.Batches)
	}
	sampler, err := solvers.WithReplacement(obj.Len(), m.Small, m.Seed)
	if err != nil {
		return n, err
	}
	ahead := solvers.Wrapped{Objective: obj}
	parts := m.Large / m.Small
	g, sum := w.Like(), w.Like()
	var small, large float64 // sums of squared lengths
	for range m.Batches {
		sum.Zero()
		for range parts {
			if err := ctx.Err(); err != nil {
				return n, err
			}
			b := sampler.Next()
			ahead.Prefetch(sampler.Peek())
			if _, err := obj.Gradient(w, g, b); err != nil {
				return n, err
			}
			small += g.Dot(g)
			sum.Axpy(1/float64(parts), g)
		}
		large += sum.Dot(sum)
	}
	batches := float64(m.Batches)
	n, err = NoiseScale(small/(batches*float64(parts)), large/batches, m.Small, m.Large)
	n.Gradients = int64(m.Batches) * int64(m.Large)
	return n, err
}
