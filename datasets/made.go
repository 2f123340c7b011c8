package datasets

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
)

// random is the source of a made set: a function of its seed and of which set it is, so that two kinds with one seed
// don't match.
func random(seed, kind uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, kind)) }

const (
	kindBlobs = iota + 1
	kindSpirals
	kindLinear
	kindQuadratic
)

func checkMade(n, features int, spread float64) error {
	switch {
	case n < 1:
		return errors.Errorf("datasets: %d examples to make, want at least 1", n)
	case features < 1:
		return errors.Errorf("datasets: examples of %d features, want at least 1", features)
	case !(spread >= 0) || math.IsInf(spread, 0):
		return errors.Errorf("datasets: spread %v, want a finite number of at least 0", spread)
	}
	return nil
}

func checkClasses(classes int) error {
	if classes < 2 {
		return errors.Errorf("datasets: %d classes to make, want at least 2", classes)
	}
	return nil
}

// Blobs makes n points in classes round clouds: the class of point i is i mod classes, its features are its class's
// centre plus spread times normal noise. Centres are uniform in the cube [−1, 1]^features. A small spread makes classes
// that a line divides.
func Blobs(n, features, classes int, spread float64, seed uint64) (*Examples, error) {
	if err := checkMade(n, features, spread); err != nil {
		return nil, err
	}
	if err := checkClasses(classes); err != nil {
		return nil, err
	}
	r := random(seed, kindBlobs)
	centres := make([]float64, classes*features)
	for i := range centres {
		centres[i] = 2*r.Float64() - 1
	}
	x, labels := make([]float32, n*features), make([]int, n)
	for i := range labels {
		labels[i] = i % classes
		for j := range features {
			x[i*features+j] = float32(centres[labels[i]*features+j] + spread*r.NormFloat64())
		}
	}
	return NewExamples([]int{features}, x, labels, classes)
}

// Spirals makes n points in the plane on classes arms that wind around each other once: no line divides them. The class
// of point i is i mod classes; along its arm the radius t is uniform in [0, 1) and the angle 2π(t + class/classes);
// spread times normal noise is added to both coordinates.
func Spirals(n, classes int, spread float64, seed uint64) (*Examples, error) {
	if err := checkMade(n, 2, spread); err != nil {
		return nil, err
	}
	if err := checkClasses(classes); err != nil {
		return nil, err
	}
	r := random(seed, kindSpirals)
	x, labels := make([]float32, 2*n), make([]int, n)
	for i := range labels {
		labels[i] = i % classes
		t := r.Float64()
		sin, cos := math.Sincos(2 * math.Pi * (t + float64(labels[i])/float64(classes)))
		x[2*i] = float32(t*cos + spread*r.NormFloat64())
		x[2*i+1] = float32(t*sin + spread*r.NormFloat64())
	}
	return NewExamples([]int{2}, x, labels, classes)
}

// Linear makes n examples of a linear regression: features and weights are normal, the target is x·w plus spread times
// normal noise. It returns the weights, too. With the squared error its loss is a quadratic function of the weights.
func Linear(n, features int, spread float64, seed uint64) (*Examples, []float64, error) {
	if err := checkMade(n, features, spread); err != nil {
		return nil, nil, err
	}
	r := random(seed, kindLinear)
	w := make([]float64, features)
	for j := range w {
		w[j] = r.NormFloat64()
	}
	x, targets := make([]float32, n*features), make([]float32, n)
	for i := range targets {
		y := spread * r.NormFloat64()
		for j := range w {
			v := float32(r.NormFloat64())
			x[i*features+j] = v
			y += float64(v) * w[j]
		}
		targets[i] = float32(y)
	}
	e, err := NewRegression([]int{features}, x, targets, 1)
	return e, w, err
}

// Quadratic makes n points of a parabola to regress on: x is uniform in [−1, 1), the target is a + b x + c x² plus
// spread times normal noise.
func Quadratic(n int, a, b, c, spread float64, seed uint64) (*Examples, error) {
	if err := checkMade(n, 1, spread); err != nil {
		return nil, err
	}
	r := random(seed, kindQuadratic)
	x, targets := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = float32(2*r.Float64() - 1)
		v := float64(x[i])
		targets[i] = float32(a + b*v + c*v*v + spread*r.NormFloat64())
	}
	return NewRegression([]int{1}, x, targets, 1)
}
