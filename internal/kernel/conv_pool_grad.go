package kernel

import "unsafe"

// SpreadsPool reports whether ConvPoolBackwardData and ConvPoolBackwardWeights spread the gradients of a pool behind s part by part,
// in cache, when there are many images, whatever s.N. Where they don't, it is better to do it once, with MaxPoolGrad, for both.
func SpreadsPool[T Float](s Conv) bool {
	const many = 256
	s.N = many
	return s.poolsByWinograd(is32[T](), passData) && s.poolsByWinograd(is32[T](), passWeights)
}

// ConvPoolBackwardData computes what ConvBackwardData does from the gradient by the results of ConvPoolForward, dz, and the cells arg
// that it found: the gradient dy by the output of the convolution is MaxPoolGrad of them.
func ConvPoolBackwardData[T Float](s Conv, p Pool, dz []T, arg []uint16, w, dx []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(w) > 0 && s.poolsByWinograd(is32[T](), passData) {
		w, dx = w[:s.KH*s.KW*s.C*s.K], dx[:s.N*s.H*s.W*s.C]
		winogradBackwardData(winogradSets[active], s, nil, as32(w), as32(dx), winogradPool{Pool: p, results: as32(dz), arg: arg})
		return
	}
	withPoolSpread(p, dz, arg, func(dy []T) { ConvBackwardData(s, dy, w, dx) })
}

// ConvPoolBackwardWeights computes what ConvBackwardWeights does from what ConvPoolBackwardData takes.
func ConvPoolBackwardWeights[T Float](s Conv, p Pool, x, dz []T, arg []uint16, dw []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(dw) > 0 && s.poolsByWinograd(is32[T](), passWeights) {
		x, dw = x[:s.N*s.H*s.W*s.C], dw[:s.KH*s.KW*s.C*s.K]
		winogradBackwardWeights(winogradSets[active], s, as32(x), nil, as32(dw), winogradPool{Pool: p, results: as32(dz), arg: arg})
		return
	}
	withPoolSpread(p, dz, arg, func(dy []T) { ConvBackwardWeights(s, x, dy, dw) })
}

// withPoolSpread calls use with the gradient by the images of a pool.
func withPoolSpread[T Float](p Pool, dz []T, arg []uint16, use func(dy []T)) {
	buffer := convPoolBuffers.get()
	n := p.N * p.H * p.W * p.C
	var z T
	dy := unsafe.Slice((*T)(buffer.get(n*int(unsafe.Sizeof(z)))), n)
	MaxPoolGrad(p, dz, arg, dy)
	use(dy)
	convPoolBuffers.put(buffer)
}
