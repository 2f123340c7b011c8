package blas

import "gonum.org/v1/gonum/blas"

// Messages of gonum's BLAS, so that programs see the same panics whichever they use.
const (
	badTranspose = "blas: illegal transpose"
	mLT0         = "blas: m < 0"
	nLT0         = "blas: n < 0"
	kLT0         = "blas: k < 0"
	badLdA       = "blas: bad leading dimension of A"
	badLdB       = "blas: bad leading dimension of B"
	badLdC       = "blas: bad leading dimension of C"
	zeroIncX     = "blas: zero x index increment"
	zeroIncY     = "blas: zero y index increment"
	shortX       = "blas: insufficient length of x"
	shortY       = "blas: insufficient length of y"
	shortA       = "blas: insufficient length of a"
	shortB       = "blas: insufficient length of b"
	shortC       = "blas: insufficient length of c"
)

// check panics with the message unless ok, as the BLAS interface has it.
func check(ok bool, message string) {
	if !ok {
		panic(message)
	}
}

func checkSize(n int, message string) { check(n >= 0, message) }

// transposed reports whether t asks for the transpose.
func transposed(t blas.Transpose) bool {
	check(t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans, badTranspose)
	return t != blas.NoTrans
}

// checkVector checks that n elements at distance inc, which may be negative, fit into a slice.
func checkVector(n, inc, length int, message string) {
	check(length > (n-1)*max(inc, -inc), message)
}
