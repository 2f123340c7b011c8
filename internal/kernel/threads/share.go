package threads

// Large slices are cut into parts of a fixed size, so that the bits of a result don't depend on the number of threads.
// A part is some microseconds of work and stays in the second-level cache.
const (
	PartLight = 16384 // of work at the speed of memory
	PartHeavy = 4096  // of work on each element
)

// Share returns the i-th of parts nearly equal pieces of n.
func Share(n, parts, i int) (lo, hi int) {
	return n * i / parts, n * (i + 1) / parts
}

// ShareUnits is Share for pieces whose borders are multiples of unit.
func ShareUnits(n, parts, i, unit int) (lo, hi int) {
	lo, hi = Share((n+unit-1)/unit, parts, i)
	return lo * unit, min(hi*unit, n)
}
