package main

import . "github.com/mmcloughlin/avo/reg"

// step emits one chunk of an optimiser step: a function of w, g, v unless plain, and rates. body stores the new v and returns
// the new w.
func (e *emit) step(name string, plain bool, rates []string, body func(e *emit, s *stepOperands) Register) {
	signature := "func(w, g"
	if !plain {
		signature += ", v"
	}
	signature += " []T"
	for _, r := range rates {
		signature += ", " + r
	}
	e.text(name, signature+" T)")
	w, grad := base("w"), base("g")
	n := length("w")
	var velocity Register
	if !plain {
		velocity = base("v")
	}
	rate := map[string]Register{}
	for _, r := range rates {
		rate[r] = e.param(r)
	}
	e.flat(n, 2, func(e *emit, at at) {
		s := &stepOperands{rate: rate, w: e.load(at(w, e.size)), g: e.load(at(grad, e.size))}
		if !plain {
			s.v = e.load(at(velocity, e.size))
			s.store = func(v Register) { e.store(v, at(velocity, e.size)) }
		}
		e.store(body(e, s), at(w, e.size))
	})
	end()
}

// stepOperands are the vectors that a step's body works on.
type stepOperands struct {
	rate    map[string]Register
	w, g, v Register
	store   func(v Register)
}

func (e *emit) steps() {
	e.step("stepSGD", true, []string{"rate"}, func(e *emit, s *stepOperands) Register {
		return e.sub(s.w, e.mul(s.rate["rate"], s.g))
	})
	e.step("stepMomentum", false, []string{"rate", "mu", "keep"}, func(e *emit, s *stepOperands) Register {
		v := e.add(e.mul(s.rate["mu"], s.v), e.mul(s.rate["keep"], s.g))
		s.store(v)
		return e.sub(s.w, e.mul(s.rate["rate"], v))
	})
	e.step("stepMomentumTextbook", false, []string{"rate", "mu"}, func(e *emit, s *stepOperands) Register {
		v := e.sub(e.mul(s.rate["mu"], s.v), e.mul(s.rate["rate"], s.g))
		s.store(v)
		return e.add(s.w, v)
	})
	e.step("stepNesterov", false, []string{"rate", "mu"}, func(e *emit, s *stepOperands) Register {
		v := e.add(e.mul(s.rate["mu"], s.v), s.g)
		s.store(v)
		return e.sub(s.w, e.mul(s.rate["rate"], e.add(s.g, e.mul(s.rate["mu"], v))))
	})
	e.step("stepNesterovTextbook", false, []string{"rate", "mu", "muNext"}, func(e *emit, s *stepOperands) Register {
		d := e.mul(s.rate["rate"], s.g)
		v := e.sub(e.mul(s.rate["mu"], s.v), d)
		s.store(v)
		return e.add(s.w, e.sub(e.mul(s.rate["muNext"], v), d))
	})
}
