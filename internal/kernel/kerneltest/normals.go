package kerneltest

import (
	"math/rand/v2"

	"github.com/fallline/fallline/internal/kernel"
)

// Normals makes n normally distributed numbers.
func Normals[T kernel.Float](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}
