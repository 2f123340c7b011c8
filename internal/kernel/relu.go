package kernel

// Relu sets y = max(x, 0), element by element; a NaN stays a NaN. The two slices have one length; y may be x.
func Relu[T Float](x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = max(v, 0)
	}
}

// ReluGrad is the gradient of Relu by its output y: dx = dy where y > 0, else 0. The slices have one length; dx may be dy or y.
func ReluGrad[T Float](y, dy, dx []T) {
	dy, dx = dy[:len(y)], dx[:len(y)]
	for i, v := range y {
		d := dy[i]
		if !(v > 0) {
			d = 0
		}
		dx[i] = d
	}
}
