package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

var labels int

// label is a new label of the form name12.
func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

// text begins a function, for the field of that name of its room's routines: name, then the instruction set and type,
// with the arguments given; T in them is the type.
func (e *emit) text(name, signature string) {
	labels = 0
	e.tables.add(e, name)
	TEXT(name+e.suffix(), NOSPLIT, strings.ReplaceAll(signature, "T", e.float()))
	Pragma("noescape")
}

// end returns from the function.
func end() {
	VZEROUPPER()
	RET()
}

// base and length load the parts of a slice parameter.
func base(name string) Register   { return Load(Param(name).Base(), GP64()) }
func length(name string) Register { return Load(Param(name).Len(), GP64()) }

// tailMask makes the AVX-512 mask of the low n elements, n < 64 in a register that is left alone.
func tailMask(n Register) Register {
	bits := GP64()
	MOVQ(I32(-1), bits)
	BZHIQ(n, bits, bits)
	k := K()
	KMOVW(bits.As32(), k)
	return k
}

// restMask makes the AVX-512 mask of what full vectors leave of n elements.
func (e *emit) restMask(n Register) Register {
	left := GP64()
	MOVQ(n, left)
	ANDQ(I32(e.lanes()-1), left)
	return tailMask(left)
}

// at is where the vector that a body works on begins, for an array of elements of size bytes.
type at func(base Register, size int) Mem

// flat runs body over n elements, unroll vectors at a time while they last.
func (e *emit) flat(n Register, unroll int, body func(e *emit, at at)) { e.row(n, unroll, nil, body) }

// row is flat with the AVX-512 mask of the last elements made beforehand, if it isn't nil.
func (e *emit) row(n Register, unroll int, mask Register, body func(e *emit, at at)) {
	e.lockstep(n, unroll, mask, func(e *emit, ats []at) {
		for _, at := range ats {
			body(e, at)
		}
	})
}

// lockstep is row for a body that does several vectors at once, so that long chains of dependent instructions overlap.
func (e *emit) lockstep(n Register, count int, mask Register, body func(e *emit, ats []at)) {
	i, limit := GP64(), GP64()
	XORQ(i, i)
	step := e.lanes()
	for u := count; ; u = 1 {
		loop, next := label("loop"), label("next")
		MOVQ(n, limit)
		SUBQ(I32(u*step), limit)
		CMPQ(i, limit)
		JG(LabelRef(next))
		Label(loop)
		var ats []at
		for v := range u {
			ats = append(ats, func(base Register, size int) Mem {
				return Mem{Base: base, Index: i, Scale: uint8(size), Disp: v * step * size}
			})
		}
		body(e, ats)
		ADDQ(I32(u*step), i)
		CMPQ(i, limit)
		JLE(LabelRef(loop))
		Label(next)
		if u == 1 {
			break
		}
	}
	e.rowTail(i, n, mask, func(e *emit, where at) { body(e, []at{where}) })
}

// rowTail runs body over elements i to n−1, fewer than a vector.
func (e *emit) rowTail(i, n, mask Register, body func(e *emit, at at)) {
	loop, done := label("tail"), label("done")
	CMPQ(i, n)
	JGE(LabelRef(done))
	where := func(base Register, size int) Mem { return Mem{Base: base, Index: i, Scale: uint8(size)} }
	if e.avx512 {
		if mask == nil {
			mask = e.restMask(n)
		}
		body(e.tail(mask), where)
	} else {
		Label(loop)
		body(e.tail(nil), where)
		INCQ(i)
		CMPQ(i, n)
		JL(LabelRef(loop))
	}
	Label(done)
}
