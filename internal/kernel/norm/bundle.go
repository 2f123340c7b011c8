package norm

// bundleWidth is about how many elements a row needs for the routines to run at full speed.
const bundleWidth = 64

// bundle is how many rows of a matrix are taken together as one, so that the rows of a narrow matrix fill whole
// vectors: the operands by column are then repeated as often.
func bundle(rows, cols int) int {
	if cols == 0 || cols >= bundleWidth {
		return 1
	}
	unit := 16 / min(16, cols&-cols) // unit · cols is a multiple of 16
	n := unit * ((bundleWidth + unit*cols - 1) / (unit * cols))
	if rows < 4*n {
		return 1
	}
	return n
}

// repeat fills x with what its first n elements are.
func repeat[E any](x []E, n int) {
	for done := n; done < len(x); done *= 2 {
		copy(x[done:], x[:done])
	}
}
