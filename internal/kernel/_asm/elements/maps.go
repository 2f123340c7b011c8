package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/reg"
)

// mapping emits a function of the form func(a T, x, y, z []T) over the elements of z. uses lists what of "a", "x", "y"
// it reads; consts makes vectors before the loop; body returns the new z.
func (e *emit) mapping(name, uses string, unroll int, consts func(e *emit) []Register, body func(e *emit, v *operands) Register) {
	e.text(name, "func(a T, x, y, z []T)")
	var a, x, y Register
	z := base("z")
	n := length("z")
	if strings.Contains(uses, "x") {
		x = base("x")
	}
	if strings.Contains(uses, "y") {
		y = base("y")
	}
	if strings.Contains(uses, "a") {
		a = e.param("a")
	}
	var c []Register
	if consts != nil {
		c = consts(e)
	}
	e.flat(n, unroll, func(e *emit, at at) {
		v := &operands{a: a, c: c}
		if x != nil {
			v.x = e.load(at(x, e.size))
		}
		if y != nil {
			v.y = e.load(at(y, e.size))
		}
		if strings.Contains(uses, "z") {
			v.z = e.load(at(z, e.size))
		}
		e.store(body(e, v), at(z, e.size))
	})
	end()
}

// operands are the vectors that a mapping's body works on.
type operands struct {
	a, x, y, z Register
	c          []Register
}

func (e *emit) maps() {
	e.mapping("add", "xy", 4, nil, func(e *emit, v *operands) Register { return e.add(v.x, v.y) })
	zero := func(e *emit) []Register { return []Register{e.zero()} }
	e.mapping("addRelu", "xy", 4, zero, func(e *emit, v *operands) Register { return e.max(v.c[0], e.add(v.x, v.y)) })
	e.mapping("mul", "xy", 4, nil, func(e *emit, v *operands) Register { return e.mul(v.x, v.y) })
	e.mapping("scale", "ax", 4, nil, func(e *emit, v *operands) Register { return e.mul(v.a, v.x) })
	e.mapping("axpy", "axz", 4, nil, func(e *emit, v *operands) Register { return e.add(v.z, e.mul(v.a, v.x)) })
	e.mapping("shrink", "ax", 4, func(e *emit) []Register { return []Register{e.sub(e.zero(), e.param("a"))} },
		func(e *emit, v *operands) Register { return e.sub(v.x, e.max(v.c[0], e.min(v.a, v.x))) })
	e.mapping("fill", "a", 8, nil, func(e *emit, v *operands) Register { return v.a })
	one := func(e *emit) []Register { return []Register{e.number(1)} }
	e.mapping("relu", "x", 4, zero, func(e *emit, v *operands) Register { return e.max(v.c[0], v.x) })
	e.mapping("reluGrad", "xy", 4, zero, func(e *emit, v *operands) Register {
		return e.keep(e.cmp(greater, v.x, v.c[0]), v.y)
	})
	e.mapping("sigmoidGrad", "xy", 2, one, func(e *emit, v *operands) Register {
		return e.mul(v.y, e.mul(v.x, e.sub(v.c[0], v.x)))
	})
	e.mapping("tanhGrad", "xy", 2, one, func(e *emit, v *operands) Register {
		return e.mul(v.y, e.sub(v.c[0], e.mul(v.x, v.x)))
	})
}
