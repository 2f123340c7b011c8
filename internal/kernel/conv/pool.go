package conv

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// PoolForward computes y, arg = pool.Max(act(conv(x, w) + bias)), the same bits as Forward and pool.Max after it, and
// keeps the result of the convolution in cache only.
//
// p gives the windows, their strides and padding; the size of its image is the convolution's output. y and arg have the
// shape of p's output; both are overwritten. Images that Winograd's method computes are pooled one after another,
// others, where windows lie side by side, as vectors before anything is written, which makes the pool almost free.
func PoolForward[T kernel.Float](s direct.Shape, p pool.Shape, x, w, y []T, arg []uint16, e gemm.Epilogue[T]) {
	p, y, arg = poolOperands(s, p, y, arg)
	if len(y) > 0 && len(w) > 0 && winograd.Pools(s, kernel.Is32[T](), direct.PassForward) {
		x, w = x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K]
		winograd.Forward(s, kernel.As32(x), kernel.As32(w), nil, gemm.Epilogue[float32]{Bias: kernel.As32(e.Bias), ReLU: e.ReLU},
			winograd.Pool{Shape: p, Results: kernel.As32(y), Arg: arg})
		return
	}
	done, winograd := 0, winograd.Pays(s, kernel.Is32[T](), direct.PassForward)
	if direct.Lanes[T]() > 0 && p.SideBySide() && !winograd && len(y) > 0 && len(w) > 0 && !isProduct[T](s, s.K) {
		done = direct.PoolForward(s, p, x, w, y, arg, e)
	}
	s.Direct = !winograd // the strips keep to what is best for all images
	poolStrips(s, p, done, x, w, y, arg, e)
}

// poolOperands is the pool of the output of s, and its results cut to their size.
func poolOperands[T kernel.Float](s direct.Shape, p pool.Shape, y []T, arg []uint16) (pool.Shape, []T, []uint16) {
	p.N, p.C = s.N, s.K
	p.H, p.W = s.Out()
	oh, ow := p.Out()
	n := p.N * oh * ow * p.C
	return p, y[:n], arg[:n]
}

// poolStrip is about the size of a convolution's result that is pooled at once.
const poolStrip = 1 << 20

// winogradPoolTiles is how many tiles a strip has by Winograd's method, so that the transform of the filters pays.
const winogradPoolTiles = 512

// poolStrips computes the images from number first on, some at a time.
func poolStrips[T kernel.Float](s direct.Shape, p pool.Shape, first int, x, w, y []T, arg []uint16, e gemm.Epilogue[T]) {
	images, multiple := s.N, 1
	if lanes := direct.Lanes[T](); lanes > 0 {
		multiple = 2 * lanes // no vectors of images but the last are cut
	}
	ph, pw := p.Out()
	from, mid, to := s.H*s.W*s.C, p.H*p.W*p.C, ph*pw*p.C
	if first == images || mid == 0 {
		return
	}
	size := int(unsafe.Sizeof(x[0]))
	step := max(1, poolStrip/(mid*size*multiple)) * multiple
	if !s.Direct {
		step = max(step, winogradPoolTiles/winograd.Tiles(p.H, p.W))
	}
	buffer := poolBuffers.Get()
	z := unsafe.Slice((*T)(buffer.Get(min(step, images-first)*mid*size)), min(step, images-first)*mid)
	for i := first; i < images; i += step {
		n := min(step, images-i)
		s.N, p.N = n, n
		if s.Direct {
			Forward(s, x[i*from:(i+n)*from], w, z[:n*mid], e)
		} else {
			forwardWinograd(s, x[i*from:(i+n)*from], w, z[:n*mid], e)
		}
		pool.Max(p, z[:n*mid], y[i*to:(i+n)*to], arg[i*to:(i+n)*to])
	}
	poolBuffers.Put(buffer)
}

var poolBuffers kernel.Stash[kernel.Buffer]
