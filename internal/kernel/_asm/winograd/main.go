// Command winograd generates the kernels of Winograd's convolutions F(4x4, 3x3), F(3x3, 3x3) and between: the transforms of input, output, filters and
// their gradients, and the register tiles that multiply what comes out of them, for AVX2+FMA and AVX-512 in float32.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set.
type isa struct {
	name  string // suffix of the functions, as in winogradInputZ
	wide  bool   // AVX-512
	bytes int    // bytes of a vector
	rows  int    // most rows of a register tile
	regs  []VecPhysical
}

func (t isa) lanes() int { return t.bytes / 4 }

var isas = []isa{
	{"Z", true, 64, 14, []VecPhysical{
		Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31,
	}},
	{"Y", false, 32, 6, []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}},
}

func main() {
	ConstraintExpr("amd64,!purego")
	for _, t := range isas {
		for _, k := range kinds {
			t.spread("Input", k, 2, t.inputTransform)
			t.spread("Grad", k, 0, t.gradTransform)
			t.output("Output", k, false)
			if t.wide {
				t.output("Stream", k, true)
			}
		}
		t.filter()
		t.filterGrad()
		for nv := 1; nv <= 2; nv++ {
			for rows := 1; rows <= t.rows; rows++ {
				t.tile(rows, nv)
			}
		}
	}
	fence()
	Generate()
}
