package kernel

import "math"

func geluGeneric[T Float](_ T, x, _, z []T) {
	x = x[:len(z)]
	for i := range z {
		u := float64(x[i])
		if math.IsInf(u, -1) {
			z[i] = T(math.Copysign(0, -1))
			continue
		}
		z[i] = T(u * normalCDF(u))
	}
}

func geluGradGeneric[T Float](_ T, x, y, z []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		u := float64(x[i])
		slope := normalCDF(u)
		if density := math.Exp(-u*u/2) / math.Sqrt(2*math.Pi); density > 0 || u != u {
			slope += float64(u * density)
		}
		z[i] = y[i] * T(slope)
	}
}

// normalCDF is Φ(u), accurate to its own size on both sides.
func normalCDF(u float64) float64 { return math.Erfc(-u/math.Sqrt2) / 2 }
