package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// The one-dimensional transforms, each a small matrix times a column of vectors. Package kernel has the matrices. d
// holds the operands, r gets the results, s is scratch; no two overlap. Each is for tiles of four rows or columns, and,
// where d has one operand less, for narrow ones: these have no point number 4.

// inputTransform emits r[0..5] = B' d[0..5].
func (t isa) inputTransform(d, r, s []VecPhysical) {
	if len(d) == 5 {
		t.narrowInput(d, r, s)
		return
	}
	VMOVAPS(d[4], r[0])
	t.addTimes(4, d[0], r[0])
	t.addTimes(-5, d[2], r[0])
	VMOVAPS(d[4], s[0])
	t.addTimes(-4, d[2], s[0])
	VMOVAPS(d[3], s[1])
	t.addTimes(-4, d[1], s[1])
	VADDPS(s[1], s[0], r[1])
	VSUBPS(s[1], s[0], r[2])
	VSUBPS(d[2], d[4], s[0])
	VSUBPS(d[1], d[3], s[1])
	VADDPS(s[1], s[1], s[1])
	VADDPS(s[1], s[0], r[3])
	VSUBPS(s[1], s[0], r[4])
	VMOVAPS(d[5], r[5])
	t.addTimes(4, d[1], r[5])
	t.addTimes(-5, d[3], r[5])
}

// narrowInput emits what inputTransform does from d[0..4].
func (t isa) narrowInput(d, r, s []VecPhysical) {
	VSUBPS(d[1], d[3], s[0])
	VADDPS(s[0], s[0], s[0]) // 2 (d3 - d1)
	VSUBPS(d[2], d[0], s[1])
	VMOVAPS(s[0], r[0])
	t.addTimes(4, s[1], r[0])
	VSUBPS(d[2], d[3], s[1])
	t.times(3, s[1], r[1])
	t.addTimes(-6, d[1], r[1])
	VMOVAPS(d[3], r[2])
	t.addTimes(2, d[1], r[2])
	t.addTimes(-3, d[2], r[2])
	VADDPS(s[0], s[0], r[3])
	VSUBPS(d[2], d[4], s[1])
	VSUBPS(s[0], s[1], r[5])
}

// gradTransform emits r[0..5] = A d[0..3].
func (t isa) gradTransform(d, r, s []VecPhysical) {
	if len(d) == 3 {
		t.narrowGrad(d, r, s)
		return
	}
	VADDPS(d[0], d[2], s[0])
	VADDPS(d[1], d[3], s[1])
	VADDPS(s[0], s[1], r[1])
	VSUBPS(s[1], s[0], r[2])
	VMOVAPS(d[0], s[0])
	t.addTimes(4, d[2], s[0])
	VADDPS(d[1], d[1], s[1])
	t.addTimes(8, d[3], s[1])
	VADDPS(s[0], s[1], r[3])
	VSUBPS(s[1], s[0], r[4])
	VMOVAPS(d[0], r[0])
	VMOVAPS(d[3], r[5])
}

// narrowGrad emits what gradTransform does from d[0..2].
func (t isa) narrowGrad(d, r, s []VecPhysical) {
	VADDPS(d[0], d[2], s[0])
	VADDPS(d[1], s[0], r[1])
	VSUBPS(d[1], s[0], r[2])
	VMOVAPS(d[0], r[3])
	t.addTimes(2, d[1], r[3])
	t.addTimes(4, d[2], r[3])
	VMOVAPS(d[0], r[0])
	VMOVAPS(d[2], r[5])
}

// outputTransform emits r[0..3] = A' d[0..5], or r[0..2] without d[4], if there are so few r.
func (t isa) outputTransform(d, r, s []VecPhysical) {
	if len(r) == 3 {
		t.narrowOutput(d, r, s)
		return
	}
	VADDPS(d[1], d[2], s[0])
	VSUBPS(d[2], d[1], s[1])
	VADDPS(d[3], d[4], s[2])
	VSUBPS(d[4], d[3], s[3])
	VADDPS(d[0], s[0], r[0])
	VADDPS(s[2], r[0], r[0])
	VMOVAPS(s[1], r[1])
	t.addTimes(2, s[3], r[1])
	VMOVAPS(s[0], r[2])
	t.addTimes(4, s[2], r[2])
	VADDPS(s[1], d[5], r[3])
	t.addTimes(8, s[3], r[3])
}

// narrowOutput emits what outputTransform does to r[0..2].
func (t isa) narrowOutput(d, r, s []VecPhysical) {
	VADDPS(d[1], d[2], s[0])
	VSUBPS(d[2], d[1], s[1])
	VADDPS(d[0], s[0], r[0])
	VADDPS(d[3], r[0], r[0])
	VMOVAPS(s[1], r[1])
	t.addTimes(2, d[3], r[1])
	VADDPS(d[5], s[0], r[2])
	t.addTimes(4, d[3], r[2])
}

// filterTransform emits r[0..5] = G d[0..2].
func (t isa) filterTransform(d, r, s []VecPhysical) {
	t.times(1.0/4, d[0], r[0])
	VADDPS(d[0], d[2], s[0])
	VADDPS(d[1], s[0], r[1])
	t.times(-1.0/6, r[1], r[1])
	VSUBPS(d[1], s[0], r[2])
	t.times(-1.0/6, r[2], r[2])
	t.times(1.0/24, d[0], s[0])
	t.addTimes(1.0/6, d[2], s[0])
	t.times(1.0/12, d[1], s[1])
	VADDPS(s[0], s[1], r[3])
	VSUBPS(s[1], s[0], r[4])
	VMOVAPS(d[2], r[5])
}

// filterGradTransform emits r[0..2] = G' d[0..5].
func (t isa) filterGradTransform(d, r, s []VecPhysical) {
	VADDPS(d[1], d[2], s[0])
	VSUBPS(d[2], d[1], s[1])
	VADDPS(d[3], d[4], s[2])
	VSUBPS(d[4], d[3], s[3])
	t.times(1.0/4, d[0], r[0])
	t.addTimes(-1.0/6, s[0], r[0])
	t.addTimes(1.0/24, s[2], r[0])
	t.times(-1.0/6, s[1], r[1])
	t.addTimes(1.0/12, s[3], r[1])
	VMOVAPS(d[5], r[2])
	t.addTimes(-1.0/6, s[0], r[2])
	t.addTimes(1.0/6, s[2], r[2])
}
