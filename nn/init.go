package nn

import (
	"math"
	"math/rand/v2"
)

// Initializer fills w, a weight of the given shape, with its starting numbers, all randomness from r.
//
// The last axis of a shape counts outputs and the one before it inputs; any in front are the window's. A dense weight
// is (in, out), a convolution's (height, width, in, out). Hence
//
//	fan-in  = window · in        fan-out = window · out
//
// A float32 model starts from the float64 model's numbers, rounded.
type Initializer func(r *rand.Rand, shape []int, w []float64)

// He draws from N(0, 2/fan-in): the variance of the signal holds through layers that ReLU follows.
//
// He et al. 2015, eq. 10.
func He(r *rand.Rand, shape []int, w []float64) {
	in, _ := fans(shape)
	normal(r, math.Sqrt(2/in), w)
}

// HeUniform draws from U(−a, a), a = √(6/fan-in): He's variance, evenly spread.
func HeUniform(r *rand.Rand, shape []int, w []float64) {
	in, _ := fans(shape)
	a := math.Sqrt(6 / in)
	uniform(r, -a, a, w)
}

// FanInUniform draws from U(−a, a), a = 1/√fan-in: what PyTorch starts the weights of its convolutions and linear
// layers with.
func FanInUniform(r *rand.Rand, shape []int, w []float64) {
	in, _ := fans(shape)
	a := 1 / math.Sqrt(in)
	uniform(r, -a, a, w)
}

// Glorot draws from U(−a, a), a = √(6/(fan-in + fan-out)), which suits layers that Tanh, Sigmoid or nothing follows.
//
// Glorot & Bengio 2010, eq. 16.
func Glorot(r *rand.Rand, shape []int, w []float64) {
	in, out := fans(shape)
	a := math.Sqrt(6 / (in + out))
	uniform(r, -a, a, w)
}

// GlorotNormal draws from N(0, 2/(fan-in + fan-out)): Glorot's variance.
func GlorotNormal(r *rand.Rand, shape []int, w []float64) {
	in, out := fans(shape)
	normal(r, math.Sqrt(2/(in+out)), w)
}

// Uniform draws from U(lo, hi).
func Uniform(lo, hi float64) Initializer {
	return func(r *rand.Rand, _ []int, w []float64) { uniform(r, lo, hi, w) }
}

// Normal draws from the normal distribution with mean 0 and the given standard deviation.
func Normal(deviation float64) Initializer {
	return func(r *rand.Rand, _ []int, w []float64) { normal(r, deviation, w) }
}

// Zeros sets every number to 0.
func Zeros(_ *rand.Rand, _ []int, w []float64) { clear(w) }

// Ones sets every number to 1.
func Ones(_ *rand.Rand, _ []int, w []float64) {
	for i := range w {
		w[i] = 1
	}
}

// fans returns fan-in and fan-out of a weight's shape; a vector has as many inputs as outputs.
func fans(shape []int) (in, out float64) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return float64(shape[0]), float64(shape[0])
	}
	window, last := 1.0, len(shape)-1
	for _, d := range shape[:last-1] {
		window *= float64(d)
	}
	return window * float64(shape[last-1]), window * float64(shape[last])
}

func normal(r *rand.Rand, deviation float64, w []float64) {
	for i := range w {
		w[i] = deviation * r.NormFloat64()
	}
}

func uniform(r *rand.Rand, lo, hi float64, w []float64) {
	for i := range w {
		w[i] = lo + (hi-lo)*r.Float64()
	}
}
