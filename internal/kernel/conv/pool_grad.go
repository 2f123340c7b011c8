package conv

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// SpreadsPool reports whether PoolBackwardData and PoolBackwardWeights spread the gradients of a pool behind s part by part,
// in cache, when there are many images, whatever s.N. Where they don't, it is better to do it once, with MaxGrad, for both.
func SpreadsPool[T kernel.Float](s Shape) bool {
	const many = 256
	s.N = many
	return winogradPools(s, kernel.Is32[T](), passData) && winogradPools(s, kernel.Is32[T](), passWeights)
}

// PoolBackwardData computes what BackwardData does from the gradient by the results of PoolForward, dz, and the cells arg
// that it found: the gradient dy by the output of the convolution is MaxGrad of them.
func PoolBackwardData[T kernel.Float](s Shape, p pool.Shape, dz []T, arg []uint16, w, dx []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(w) > 0 && winogradPools(s, kernel.Is32[T](), passData) {
		w, dx = w[:s.KH*s.KW*s.C*s.K], dx[:s.N*s.H*s.W*s.C]
		winogradBackwardData(s, nil, kernel.As32(w), kernel.As32(dx), winogradPool{Shape: p, results: kernel.As32(dz), arg: arg})
		return
	}
	withPoolSpread(p, dz, arg, func(dy []T) { BackwardData(s, dy, w, dx) })
}

// PoolBackwardWeights computes what BackwardWeights does from what PoolBackwardData takes.
func PoolBackwardWeights[T kernel.Float](s Shape, p pool.Shape, x, dz []T, arg []uint16, dw []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(dw) > 0 && winogradPools(s, kernel.Is32[T](), passWeights) {
		x, dw = x[:s.N*s.H*s.W*s.C], dw[:s.KH*s.KW*s.C*s.K]
		winogradBackwardWeights(s, kernel.As32(x), nil, kernel.As32(dw), winogradPool{Shape: p, results: kernel.As32(dz), arg: arg})
		return
	}
	withPoolSpread(p, dz, arg, func(dy []T) { BackwardWeights(s, x, dy, dw) })
}

// withPoolSpread calls use with the gradient by the images of a pool.
func withPoolSpread[T kernel.Float](p pool.Shape, dz []T, arg []uint16, use func(dy []T)) {
	buffer := poolBuffers.Get()
	n := p.N * p.H * p.W * p.C
	var z T
	dy := unsafe.Slice((*T)(buffer.Get(n*int(unsafe.Sizeof(z)))), n)
	pool.MaxGrad(p, dz, arg, dy)
	use(dy)
	poolBuffers.Put(buffer)
}
