package kernel

// Dot is the scalar product Σ x_i y_i, summed in float64. The two slices have one length.
func Dot[T Float](x, y []T) float64 {
	y = y[:len(x)]
	s := 0.0
	for i, v := range x {
		s += float64(float64(v) * float64(y[i]))
	}
	return s
}

// Sum is Σ x_i, summed in float64.
func Sum[T Float](x []T) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v)
	}
	return s
}

// AddBias adds bias (cols) to each row of x (rows × cols) and writes y; y may be x.
func AddBias[T Float](rows, cols int, x, bias, y []T) {
	bias = bias[:cols]
	for r := range rows {
		from, to := x[r*cols:(r+1)*cols], y[r*cols:(r+1)*cols]
		for j, b := range bias {
			to[j] = from[j] + b
		}
	}
}

// ColSum writes the sums of the columns of x (rows × cols) into sum (cols), summed in float64.
func ColSum[T Float](rows, cols int, x, sum []T) {
	for j := range sum[:cols] {
		s := 0.0
		for r := range rows {
			s += float64(x[r*cols+j])
		}
		sum[j] = T(s)
	}
}
