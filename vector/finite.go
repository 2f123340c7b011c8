package vector

import "github.com/fallline/fallline/internal/kernel/pointwise"

// NotFinite is the place of the first element that is NaN or an infinity, and −1 where all are finite. It reads x once.
func NotFinite[T float32 | float64](x []T) int {
	if sum := pointwise.Sum(x); sum-sum == 0 { // a NaN or an infinity stays one in any sum
		return -1
	}
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1 // finite: only the sum overflowed
}
