package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// load reads a vector of elements in the type of arithmetic.
func (e *emit) load(m Mem) Register {
	d := e.vec()
	switch convert := e.wide && e.size == 4; {
	case e.mask != nil && convert:
		VCVTPS2PD_Z(m, e.mask, d)
	case e.mask != nil && e.width() == 4:
		VMOVUPS_Z(m, e.mask, d)
	case e.mask != nil:
		VMOVUPD_Z(m, e.mask, d)
	case e.single && e.size == 4:
		VMOVSS(m, d)
		if convert {
			VCVTPS2PD(d, d)
		}
	case e.single:
		VMOVSD(m, d)
	case convert:
		VCVTPS2PD(m, d)
	default:
		e.do(opMov, m, d)
	}
	return d
}

// store writes the elements of v, rounded to their type in memory.
func (e *emit) store(v Op, m Mem) {
	if e.wide && e.size == 4 {
		v = e.narrow(v)
	}
	switch {
	case e.mask != nil && e.size == 4:
		VMOVUPS(v, e.mask, m)
	case e.mask != nil:
		VMOVUPD(v, e.mask, m)
	case e.single && e.size == 4:
		VMOVSS(e.as(v), m)
	case e.single:
		VMOVSD(e.as(v), m)
	case e.size == 4:
		VMOVUPS(v, m)
	default:
		VMOVUPD(v, m)
	}
}

// narrow rounds float64s to a register of half the width.
func (e *emit) narrow(v Op) Register {
	switch {
	case e.avx512:
		d := YMM()
		VCVTPD2PS(v, d)
		return d
	case e.single:
		d := XMM()
		VCVTPD2PSX(e.as(v), d)
		return d
	}
	d := XMM()
	VCVTPD2PSY(v, d)
	return d
}
