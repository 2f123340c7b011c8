package kernel

// Add sets z = x + y, element by element. The three slices have one length; z may be x or y.
func Add[T Float](x, y, z []T) {
	y, z = y[:len(x)], z[:len(x)]
	for i, v := range x {
		z[i] = v + y[i]
	}
}

// Mul sets z = x · y, element by element. The three slices have one length; z may be x or y.
func Mul[T Float](x, y, z []T) {
	y, z = y[:len(x)], z[:len(x)]
	for i, v := range x {
		z[i] = v * y[i]
	}
}

// Scale sets x = a x.
func Scale[T Float](a T, x []T) {
	for i := range x {
		x[i] *= a
	}
}

// ScaleTo sets y = a x. The two slices have one length; y may be x.
func ScaleTo[T Float](a T, x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = a * v
	}
}

// Axpy sets y = y + a x, the product rounded before the sum. The two slices have one length.
func Axpy[T Float](a T, x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += T(a * v)
	}
}

// Fill sets every element of x to a.
func Fill[T Float](a T, x []T) {
	for i := range x {
		x[i] = a
	}
}
