package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Shrink moves every element of x by t, which is at least 0, towards 0 and not across it: x = x − min(max(x, −t), t).
// What is within t becomes an exact 0; a NaN stays a NaN.
func Shrink[T kernel.Float](t T, x []T) { apply(inUse[T]().shrink, threads.PartLight, t, x, nil, x) }

func shrinkGeneric[T kernel.Float](a T, x, _, z []T) {
	x = x[:len(z)]
	for i, v := range x {
		part := v
		if a < v {
			part = a
		}
		if -a > part {
			part = -a
		}
		z[i] = v - part
	}
}
