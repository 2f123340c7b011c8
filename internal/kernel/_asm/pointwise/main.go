// Command pointwise writes the assembly of the pointwise kernels, reductions, optimiser steps, pooling and batch norm, for
// AVX2+FMA and AVX-512 and for float32 and float64.
//
//	go run ./pointwise -out ../pointwise_amd64.s -stubs ../pointwise_stubs_amd64.go -pkg kernel
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64")
	for _, avx512 := range []bool{false, true} {
		for _, size := range []int{4, 8} {
			e := &emit{avx512: avx512, size: size}
			e.maps()
			e.steps()
			e.adaptiveSteps()
			e.reductions()
			e.topBits()
			e.activations()
			e.gelus()
			e.matrices()
			e.columns()
			e.dropout()
			e.softmax()
			e.pools()
		}
	}
	sse()
	Generate()
}
