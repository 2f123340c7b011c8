package norm

import "github.com/fallline/fallline/internal/kernel"

func applyGeneric[T kernel.Float](rows, cols int, x, scale, shift, y []T) {
	scale, shift = scale[:cols], shift[:cols]
	for r := range rows {
		from, to := x[r*cols:(r+1)*cols], y[r*cols:(r+1)*cols]
		for j, a := range scale {
			to[j] = T(from[j]*a) + shift[j]
		}
	}
}

func applyReluGeneric[T kernel.Float](rows, cols int, x, scale, shift, y []T) {
	scale, shift = scale[:cols], shift[:cols]
	for r := range rows {
		from, to := x[r*cols:(r+1)*cols], y[r*cols:(r+1)*cols]
		for j, a := range scale {
			to[j] = max(T(from[j]*a)+shift[j], 0)
		}
	}
}

func sumsGeneric[T kernel.Float](rows, cols, stride int, x []T, shift, sum, square []float64) {
	shift, sum, square = shift[:cols], sum[:cols], square[:cols]
	for r := range rows {
		for j, v := range x[r*stride : r*stride+cols] {
			d := float64(v) - shift[j]
			sum[j] += d
			square[j] += float64(d * d)
		}
	}
}

func gradSumsGeneric[T kernel.Float](rows, cols, stride int, x, dy, _, _ []T, mean, sum, product []float64) {
	mean, sum, product = mean[:cols], sum[:cols], product[:cols]
	for r := range rows {
		d := dy[r*stride : r*stride+cols]
		for j, v := range x[r*stride : r*stride+cols] {
			u := float64(d[j])
			sum[j] += u
			product[j] += float64(u * (float64(v) - mean[j]))
		}
	}
}

func gradSumsReluGeneric[T kernel.Float](rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64) {
	mean, sum, product = mean[:cols], sum[:cols], product[:cols]
	for r := range rows {
		d := dy[r*stride : r*stride+cols]
		for j, v := range x[r*stride : r*stride+cols] {
			if T(v*scale[j])+shift[j] > 0 {
				u := float64(d[j])
				sum[j] += u
				product[j] += float64(u * (float64(v) - mean[j]))
			} else {
				product[j] += float64(0 * (float64(v) - mean[j])) // a NaN or an infinity in x stays visible
			}
		}
	}
}

func gradApplyGeneric[T kernel.Float](rows, cols int, x, dy, _, _, mean, a, b, c, dx []T) {
	mean, a, b, c = mean[:cols], a[:cols], b[:cols], c[:cols]
	for r := range rows {
		from, d, to := x[r*cols:(r+1)*cols], dy[r*cols:(r+1)*cols], dx[r*cols:(r+1)*cols]
		for j, v := range from {
			to[j] = T(a[j]*d[j]) + T(b[j]*(v-mean[j])) + c[j]
		}
	}
}

func gradApplyReluGeneric[T kernel.Float](rows, cols int, x, dy, scale, shift, mean, a, b, c, dx []T) {
	mean, a, b, c = mean[:cols], a[:cols], b[:cols], c[:cols]
	for r := range rows {
		from, d, to := x[r*cols:(r+1)*cols], dy[r*cols:(r+1)*cols], dx[r*cols:(r+1)*cols]
		for j, v := range from {
			var u T
			if T(v*scale[j])+shift[j] > 0 {
				u = d[j]
			}
			to[j] = T(a[j]*u) + T(b[j]*(v-mean[j])) + c[j]
		}
	}
}
