package vector

import (
	"github.com/fallline/fallline/internal/finite"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// NotFinite is the place of the first element that is NaN or an infinity, and −1 where all are finite. It reads x once.
func NotFinite[T float32 | float64](x []T) int {
	if sum := pointwise.Sum(x); sum-sum == 0 { // a NaN or an infinity stays one in any sum
		return -1
	}
	return finite.First(x) // there may be none: only the sum overflowed
}
