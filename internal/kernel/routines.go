package kernel

import "unsafe"

// mapping is a pointwise function. Each reads what it needs of a, x, y and z, and writes z; those it doesn't need may be nil.
type mapping[T Float] func(a T, x, y, z []T)

// routines are the inner loops that one kernel set has for one type: single-threaded, on parts that the functions around them
// cut. The definitions are those of genericRoutines; the others give the same bits, but for the signs of zeros and the bits of
// NaNs.
type routines[T Float] struct {
	add, addRelu, mul                  mapping[T]
	scale, axpy, fill                  mapping[T]
	shrink                             mapping[T]
	relu, reluGrad                     mapping[T]
	exp, sigmoid, tanh                 mapping[T]
	sigmoidGrad, tanhGrad              mapping[T]
	gelu, geluGrad                     mapping[T]
	dot                                func(x, y []T) float64 // of a multiple of 32 elements, as sum
	sum                                func(x []T) float64
	topBits                            func(x []T) uint32 // of topLeast elements or more
	stepSGD                            func(w, g []T, rate T)
	stepMomentum                       func(w, g, v []T, rate, mu, keep T)
	stepMomentumTextbook, stepNesterov func(w, g, v []T, rate, mu T)
	stepNesterovTextbook               func(w, g, v []T, rate, mu, muNext T)
	stepAdaGrad                        func(w, g, square []T, rate, eps T)
	stepRMSProp                        func(w, g, square []T, rate, keep, fresh, eps T)
	stepRMSPropCentered                func(w, g, square, mean []T, rate, keep, fresh, eps T)
	stepRMSPropMomentum                func(w, g, square, v []T, rate, keep, fresh, eps, mu T)
	stepRMSPropCenteredMomentum        func(w, g, square, mean, v []T, rate, keep, fresh, eps, mu T)
	stepAdam                           func(w, g, mean, square []T, rate, root, eps, keep1, fresh1, keep2, fresh2 T)
	stepAMSGrad                        func(w, g, mean, square, top []T, rate, root, eps, keep1, fresh1, keep2, fresh2 T)
	colSum                             func(rows, cols, stride int, x []T, sum []float64)
	normApply, normApplyRelu           func(rows, cols int, x, scale, shift, y []T)
	normSums                           func(rows, cols, stride int, x []T, shift, sum, square []float64)
	normGradSums, normGradSumsRelu     func(rows, cols, stride int, x, dy, scale, shift []T, mean, sum, product []float64)
	normGradApply, normGradApplyRelu   func(rows, cols int, x, dy, scale, shift, mean, a, b, c, dx []T)
	dropout                            func(start, lo, hi, threshold uint32, scale T, x, y []T)
	softmaxShift                       func(classes int, x []T, labels []int, shifted []float64) float64
	softmaxExp                         func(x []float64)
	softmaxScale                       func(classes int, exp []float64, labels []int, d []T, sums []float64, scale float64)
	maxPool                            func(count, channels, kh, kw, step, col, row, first, width int, x, y []T, arg []uint16)
	maxPoolGrad, maxPoolGradApart      func(count, channels, kh, kw, step, col, row, first, width int, dy []T, arg []uint16, dx []T)
	poolPick                           func(count, channels, kh, kw, step, col, row, first, width int, x []T, arg []uint16, z []T)
	poolPick2                          func(count, channels, step, col, row int, x []T, arg []uint16, z []T)
	maxPool2                           func(count, channels, step, col, row int, x, y []T, arg []uint16)
	maxPoolGrad2                       func(count, channels, step, col, row int, dy []T, arg []uint16, dx []T)
	avgPool                            func(count, channels, kh, kw, step, col, row int, scale T, x, y []T)
	avgPoolGrad, avgPoolGradApart      func(count, channels, kh, kw, step, col, row int, scale T, dy, dx []T)
}

// genericRoutines are the definitions in plain Go.
func genericRoutines[T Float]() routines[T] {
	return routines[T]{
		add: addGeneric[T], addRelu: addReluGeneric[T], mul: mulGeneric[T], scale: scaleGeneric[T], axpy: axpyGeneric[T], fill: fillGeneric[T],
		shrink: shrinkGeneric[T],
		relu:   reluGeneric[T], reluGrad: reluGradGeneric[T],
		exp: expGeneric[T], sigmoid: sigmoidGeneric[T], tanh: tanhGeneric[T],
		sigmoidGrad: sigmoidGradGeneric[T], tanhGrad: tanhGradGeneric[T],
		gelu: geluGeneric[T], geluGrad: geluGradGeneric[T],
		dot: dotGeneric[T], sum: sumGeneric[T], topBits: topBitsGeneric[T],
		stepSGD: stepSGDGeneric[T], stepMomentum: stepMomentumGeneric[T],
		stepMomentumTextbook: stepMomentumTextbookGeneric[T], stepNesterov: stepNesterovGeneric[T],
		stepNesterovTextbook: stepNesterovTextbookGeneric[T],
		stepAdaGrad:          stepAdaGradGeneric[T], stepRMSProp: stepRMSPropGeneric[T],
		stepRMSPropCentered: stepRMSPropCenteredGeneric[T], stepRMSPropMomentum: stepRMSPropMomentumGeneric[T],
		stepRMSPropCenteredMomentum: stepRMSPropCenteredMomentumGeneric[T],
		stepAdam:                    stepAdamGeneric[T], stepAMSGrad: stepAMSGradGeneric[T],
		colSum:    colSumGeneric[T],
		normApply: normApplyGeneric[T], normApplyRelu: normApplyReluGeneric[T], normSums: normSumsGeneric[T],
		normGradSums: normGradSumsGeneric[T], normGradSumsRelu: normGradSumsReluGeneric[T],
		normGradApply: normGradApplyGeneric[T], normGradApplyRelu: normGradApplyReluGeneric[T],
		dropout:      dropoutGeneric[T],
		softmaxShift: softmaxShiftGeneric[T], softmaxExp: softmaxExpGeneric[T], softmaxScale: softmaxScaleGeneric[T],
		maxPool: maxPoolGeneric[T], maxPoolGrad: maxPoolGradGeneric[T], maxPoolGradApart: maxPoolGradApartGeneric[T],
		poolPick: poolPickGeneric[T], poolPick2: poolPick2Generic[T],
		maxPool2: maxPool2Generic[T], maxPoolGrad2: maxPoolGrad2Generic[T],
		avgPool: avgPoolGeneric[T], avgPoolGrad: avgPoolGradGeneric[T], avgPoolGradApart: avgPoolGradApartGeneric[T],
	}
}

// routinesOf are those of the kernel set in use.
func routinesOf[T Float]() *routines[T] {
	if is32[T]() {
		return (*routines[T])(unsafe.Pointer(&routines32[active]))
	}
	return (*routines[T])(unsafe.Pointer(&routines64[active]))
}

// stashes are the scratch values of one use for both types: stashOf picks the stash of T, whose values are J.
type stashes[J32, J64 any] struct {
	f32 stash[J32]
	f64 stash[J64]
}

func stashOf[T Float, J, J32, J64 any](s *stashes[J32, J64]) *stash[J] {
	if is32[T]() {
		return (*stash[J])(unsafe.Pointer(&s.f32))
	}
	return (*stash[J])(unsafe.Pointer(&s.f64))
}
