package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/reg"
)

// step emits one chunk of an optimiser step: a function of w, g, the arrays that the rule keeps, and rates. body stores
// the new values of the arrays and returns the new w.
func (e *emit) step(name string, arrays, rates []string, body func(e *emit, s *stepOperands) Register) {
	e.text(name, "func("+strings.Join(append([]string{"w", "g"}, arrays...), ", ")+" []T, "+strings.Join(rates, ", ")+" T)")
	w, grad := base("w"), base("g")
	n := length("w")
	kept := map[string]Register{}
	for _, a := range arrays {
		kept[a] = base(a)
	}
	rate := map[string]Register{}
	for _, r := range rates {
		rate[r] = e.param(r)
	}
	e.flat(n, 2, func(e *emit, at at) {
		s := &stepOperands{rate: rate, w: e.load(at(w, e.size)), g: e.load(at(grad, e.size)), kept: map[string]Register{}}
		for _, a := range arrays {
			s.kept[a] = e.load(at(kept[a], e.size))
		}
		s.store = func(name string, v Register) Register {
			e.store(v, at(kept[name], e.size))
			return v
		}
		e.store(body(e, s), at(w, e.size))
	})
	end()
}

// stepOperands are the vectors that a step's body works on.
type stepOperands struct {
	rate, kept map[string]Register
	w, g       Register
	store      func(name string, v Register) Register // returns v
}

func (e *emit) steps() {
	e.step("sgd", nil, []string{"rate"}, func(e *emit, s *stepOperands) Register {
		return e.sub(s.w, e.mul(s.rate["rate"], s.g))
	})
	e.step("momentum", []string{"v"}, []string{"rate", "mu", "keep"}, func(e *emit, s *stepOperands) Register {
		v := e.add(e.mul(s.rate["mu"], s.kept["v"]), e.mul(s.rate["keep"], s.g))
		s.store("v", v)
		return e.sub(s.w, e.mul(s.rate["rate"], v))
	})
	e.step("momentumTextbook", []string{"v"}, []string{"rate", "mu"}, func(e *emit, s *stepOperands) Register {
		v := e.sub(e.mul(s.rate["mu"], s.kept["v"]), e.mul(s.rate["rate"], s.g))
		s.store("v", v)
		return e.add(s.w, v)
	})
	e.step("nesterov", []string{"v"}, []string{"rate", "mu"}, func(e *emit, s *stepOperands) Register {
		v := e.add(e.mul(s.rate["mu"], s.kept["v"]), s.g)
		s.store("v", v)
		return e.sub(s.w, e.mul(s.rate["rate"], e.add(s.g, e.mul(s.rate["mu"], v))))
	})
	e.step("nesterovTextbook", []string{"v"}, []string{"rate", "mu", "muNext"}, func(e *emit, s *stepOperands) Register {
		d := e.mul(s.rate["rate"], s.g)
		v := e.sub(e.mul(s.rate["mu"], s.kept["v"]), d)
		s.store("v", v)
		return e.add(s.w, e.sub(e.mul(s.rate["muNext"], v), d))
	})
}
