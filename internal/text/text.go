// Package text writes what errors and displays say of counts, sizes and shapes.
package text

import (
	"fmt"
	"strconv"
	"strings"
)

// Count writes a number of things: 1 example, 2 examples. The word takes an s as its plural.
func Count[N int | int64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Bytes writes a number of bytes exactly, and from 1 MiB on in a larger unit, too: 3145728 bytes (3.0 MiB).
func Bytes(n int64) string {
	exact := Count(n, "byte")
	for _, u := range []struct {
		shift int
		name  string
	}{{40, "TiB"}, {30, "GiB"}, {20, "MiB"}} {
		if n >= 1<<u.shift {
			return fmt.Sprintf("%s (%.1f %s)", exact, float64(n)/float64(int64(1)<<u.shift), u.name)
		}
	}
	return exact
}

// Shape writes a shape: 28x28x1, or scalar where it has no axis.
func Shape(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	s := make([]string, len(shape))
	for i, d := range shape {
		s[i] = strconv.Itoa(d)
	}
	return strings.Join(s, "x")
}
