package conv

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// SpreadsPool reports whether PoolBackwardData and PoolBackwardWeights spread the gradients of a pool behind s part by
// part, in cache, when there are many images, whatever s.N. Where they don't, it is better to do it once, with MaxGrad,
// for both.
func SpreadsPool[T kernel.Float](s direct.Shape) bool {
	const many = 256
	s.N = many
	return winograd.Pools(s, kernel.Is32[T](), direct.PassData) && winograd.Pools(s, kernel.Is32[T](), direct.PassWeights)
}

// PoolBackwardData computes what BackwardData does from the gradient by the results of PoolForward, dz, and the cells
// arg that it found: the gradient dy by the output of the convolution is MaxGrad of them.
func PoolBackwardData[T kernel.Float](s direct.Shape, p pool.Shape, dz []T, arg []uint16, w, dx []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(w) > 0 && winograd.Pools(s, kernel.Is32[T](), direct.PassData) {
		w, dx = w[:s.KH*s.KW*s.C*s.K], dx[:s.N*s.H*s.W*s.C]
		winograd.BackwardData(s, nil, kernel.As32(w), kernel.As32(dx), winograd.Pool{Shape: p, Results: kernel.As32(dz), Arg: arg})
		return
	}
	withPoolSpread(p, dz, arg, func(dy []T) { BackwardData(s, dy, w, dx) })
}

// PoolBackwardWeights computes what BackwardWeights does from what PoolBackwardData takes.
func PoolBackwardWeights[T kernel.Float](s direct.Shape, p pool.Shape, x, dz []T, arg []uint16, dw []T) {
	p, dz, arg = poolOperands(s, p, dz, arg)
	if len(dz) > 0 && len(dw) > 0 && winograd.Pools(s, kernel.Is32[T](), direct.PassWeights) {
		x, dw = x[:s.N*s.H*s.W*s.C], dw[:s.KH*s.KW*s.C*s.K]
		winograd.BackwardWeights(s, kernel.As32(x), nil, kernel.As32(dw), winograd.Pool{Shape: p, Results: kernel.As32(dz), Arg: arg})
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
