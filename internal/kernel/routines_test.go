package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The tests of this file hold every routine of every kernel set equal to its definition: the same bits, but that NaNs are all
// alike and −0 is 0.

func TestMappingsEqualDefinitions(t *testing.T) {
	forEachType(t, testMappings[float32], testMappings[float64])
}

func testMappings[T Float](t *testing.T) {
	mappings := func(k *routines[T]) map[string]mapping[T] {
		return map[string]mapping[T]{
			"add": k.add, "addRelu": k.addRelu, "mul": k.mul, "scale": k.scale, "axpy": k.axpy, "fill": k.fill, "shrink": k.shrink, "relu": k.relu, "reluGrad": k.reluGrad,
			"exp": k.exp, "sigmoid": k.sigmoid, "tanh": k.tanh, "sigmoidGrad": k.sigmoidGrad, "tanhGrad": k.tanhGrad,
			"gelu": k.gelu, "geluGrad": k.geluGrad,
		}
	}
	definition := genericRoutines[T]()
	ours := mappings(routinesOf[T]())
	for name, want := range mappings(&definition) {
		r := rand.New(rand.NewPCG(1, 2))
		everyLength[T](func(n, offset int) {
			x, y, z := values[T](r, n, offset, false), values[T](r, n, 3*offset+1, false), values[T](r, n, 5*offset+2, false)
			wantZ := twin(z)
			want(0.7, x.slice(), y.slice(), wantZ.slice())
			ours[name](0.7, x.slice(), y.slice(), z.slice())
			compare(t, fmt.Sprintf("%s of %d elements at %d", name, n, offset), z, wantZ)
			want(0, x.slice(), y.slice(), wantZ.slice())
			ours[name](0, x.slice(), y.slice(), z.slice())
			compare(t, fmt.Sprintf("%s with 0 of %d elements at %d", name, n, offset), z, wantZ)
			wantX := twin(x)
			want(0.7, wantX.slice(), y.slice(), wantX.slice())
			ours[name](0.7, x.slice(), y.slice(), x.slice())
			compare(t, fmt.Sprintf("%s of %d elements at %d in place", name, n, offset), x, wantX)
		})
	}
}

func TestStepsEqualDefinitions(t *testing.T) { forEachType(t, testSteps[float32], testSteps[float64]) }

func testSteps[T Float](t *testing.T) {
	type step func(k *routines[T], w, g, v []T)
	steps := map[string]step{
		"StepSGD":              func(k *routines[T], w, g, v []T) { k.stepSGD(w, g, 0.1) },
		"StepMomentum":         func(k *routines[T], w, g, v []T) { k.stepMomentum(w, g, v, 0.1, 0.9, 0.7) },
		"StepMomentumTextbook": func(k *routines[T], w, g, v []T) { k.stepMomentumTextbook(w, g, v, 0.1, 0.9) },
		"StepNesterov":         func(k *routines[T], w, g, v []T) { k.stepNesterov(w, g, v, 0.1, 0.9) },
		"StepNesterovTextbook": func(k *routines[T], w, g, v []T) { k.stepNesterovTextbook(w, g, v, 0.1, 0.9, 0.95) },
	}
	definition := genericRoutines[T]()
	for name, f := range steps {
		r := rand.New(rand.NewPCG(3, 4))
		everyLength[T](func(n, offset int) {
			w, g, v := values[T](r, n, offset, false), values[T](r, n, 3*offset+1, false), values[T](r, n, 5*offset+2, false)
			wantW, wantV := twin(w), twin(v)
			f(&definition, wantW.slice(), g.slice(), wantV.slice())
			f(routinesOf[T](), w.slice(), g.slice(), v.slice())
			what := fmt.Sprintf("%s of %d elements at %d", name, n, offset)
			compare(t, what+": weights", w, wantW)
			compare(t, what+": velocities", v, wantV)
		})
	}
}

func TestReductionsEqualDefinitions(t *testing.T) {
	forEachType(t, testReductions[float32], testReductions[float64])
}

func testReductions[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := 0; n <= 10*sumLanes; n += sumLanes {
		everyAlignment[T](n/sumLanes, func(offset int) {
			x, y := values[T](r, n, offset, true).slice(), values[T](r, n, 3*offset+1, true).slice()
			k := routinesOf[T]()
			if got, want := k.dot(x, y), dotGeneric(x, y); got != want {
				t.Errorf("dot of %d elements at %d is %v, by definition %v", n, offset, got, want)
			}
			if got, want := k.sum(x), sumGeneric(x); got != want {
				t.Errorf("sum of %d elements at %d is %v, by definition %v", n, offset, got, want)
			}
		})
	}
}

func TestTopBitsEqualDefinition(t *testing.T) {
	forEachType(t, testTopBits[float32], testTopBits[float64])
}

func testTopBits[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for n := topLeast; n <= longest; n++ {
		everyAlignment[T](n, func(offset int) {
			x := values[T](r, n, offset, true).slice()
			if n%3 == 0 { // with the greatest at every place
				x[(n/3+offset)%n] = T(math.Inf(-1))
			}
			if got, want := routinesOf[T]().topBits(x), topBitsGeneric(x); got != want {
				t.Errorf("top bits of %d elements at %d are %x, by definition %x", n, offset, got, want)
			}
		})
	}
}

func TestDropoutEqualsDefinition(t *testing.T) {
	forEachType(t, testDropout[float32], testDropout[float64])
}

func testDropout[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, threshold := range []uint32{1, 1 << 30, 1 << 31, 3 << 30, math.MaxUint32} {
		everyLength[T](func(n, offset int) {
			x, y := values[T](r, n, offset, false), values[T](r, n, 3*offset+1, false)
			want := twin(y)
			start, lo, hi := r.Uint32(), r.Uint32(), r.Uint32()
			dropoutGeneric(start, lo, hi, threshold, 1.25, x.slice(), want.slice())
			routinesOf[T]().dropout(start, lo, hi, threshold, 1.25, x.slice(), y.slice())
			compare(t, fmt.Sprintf("dropout of %d elements at %d, threshold %d", n, offset, threshold), y, want)
		})
	}
}

func TestSoftmaxPassesEqualDefinitions(t *testing.T) {
	forEachType(t, testSoftmaxPasses[float32], testSoftmaxPasses[float64])
}

func testSoftmaxPasses[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	k := routinesOf[T]()
	for classes := 1; classes <= longest; classes++ {
		everyAlignment[T](classes, func(offset int) {
			rows := 1 + offset%5
			n := rows * classes
			labels := make([]int, rows)
			for i := range labels {
				labels[i] = r.IntN(classes)
			}
			what := fmt.Sprintf("softmax of %d × %d at %d", rows, classes, offset)
			x := values[T](r, n, offset, true)
			exp, sums := newField(n+softmaxRoom, 3*offset+1, 9.), newField(rows, 1, 9.)
			want, wantSums := twin(exp), twin(sums)
			margin := k.softmaxShift(classes, x.slice(), labels, exp.slice())
			if wantMargin := softmaxShiftGeneric(classes, x.slice(), labels, want.slice()); margin != wantMargin {
				t.Fatalf("%s: margin %v, by definition %v", what, margin, wantMargin)
			}
			copy(exp.slice()[n:], want.slice()[n:]) // may hold anything
			compare(t, what+": less maximum", exp, want)
			k.softmaxExp(exp.slice()[:n])
			softmaxExpGeneric[T](want.slice()[:n])
			compare(t, what+": exponentials", exp, want)
			for _, d := range []*field[T]{newField[T](n, 5*offset+2, 99), {}} {
				wantD := twin(d)
				k.softmaxScale(classes, exp.slice(), labels, d.slice(), sums.slice(), 0.3)
				softmaxScaleGeneric(classes, want.slice(), labels, wantD.slice(), wantSums.slice(), 0.3)
				compare(t, what+": sums", sums, wantSums)
				compare(t, what+": gradient", d, wantD)
			}
		})
	}
}
