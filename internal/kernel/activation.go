package kernel

import "math"

// Exp sets y = e^x, element by element. The two slices have one length; y may be x.
func Exp[T Float](x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = T(math.Exp(float64(v)))
	}
}

// Sigmoid sets y = 1/(1 + e^−x), element by element. The two slices have one length; y may be x.
func Sigmoid[T Float](x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		e := math.Exp(-math.Abs(float64(v)))
		if v < 0 {
			y[i] = T(e / (1 + e))
		} else {
			y[i] = T(1 / (1 + e))
		}
	}
}

// SigmoidGrad is the gradient of Sigmoid by its output y: dx = dy y (1 − y). The slices have one length; dx may be dy or y.
func SigmoidGrad[T Float](y, dy, dx []T) {
	dy, dx = dy[:len(y)], dx[:len(y)]
	for i, v := range y {
		dx[i] = dy[i] * T(v*(1-v))
	}
}

// Tanh sets y = tanh x, element by element. The two slices have one length; y may be x.
func Tanh[T Float](x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = T(math.Tanh(float64(v)))
	}
}

// TanhGrad is the gradient of Tanh by its output y: dx = dy (1 − y²). The slices have one length; dx may be dy or y.
func TanhGrad[T Float](y, dy, dx []T) {
	dy, dx = dy[:len(y)], dx[:len(y)]
	for i, v := range y {
		dx[i] = dy[i] * (1 - T(v*v))
	}
}
