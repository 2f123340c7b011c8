// Package finite finds numbers that aren't finite.
package finite

// Not is the place of the first NaN or infinity in x, and −1 where there is none. It reads x once.
func Not[T float32 | float64](x []T) int {
	var s0, s1, s2, s3, s4, s5, s6, s7 T // in a sum either stays what it is; eight sums go side by side
	rest := x
	for len(rest) >= 8 {
		v := (*[8]T)(rest)
		s0, s1, s2, s3 = s0+v[0], s1+v[1], s2+v[2], s3+v[3]
		s4, s5, s6, s7 = s4+v[4], s5+v[5], s6+v[6], s7+v[7]
		rest = rest[8:]
	}
	for _, v := range rest {
		s0 += v
	}
	sum := (s0 + s1) + (s2 + s3) + (s4 + s5) + (s6 + s7)
	if sum-sum == 0 {
		return -1
	}
	return First(x)
}

// First is Not for an x that is likely to have one: it looks at one number after another.
func First[T float32 | float64](x []T) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}
