package kernel

import "unsafe"

// ConvPoolForward computes y, arg = MaxPool(act(conv(x, w) + bias)), the same bits as ConvForward and MaxPool after it, and
// keeps the result of the convolution in cache only.
//
// p gives the windows, their strides and padding; the size of its image is the convolution's output. y and arg have the
// shape of p's output; both are overwritten. Images that Winograd's method computes are pooled one after another, others, where
// windows lie side by side, as vectors before anything is written, which makes the pool almost free.
func ConvPoolForward[T Float](s Conv, p Pool, x, w, y []T, arg []uint16, e Epilogue[T]) {
	p, y, arg = poolOperands(s, p, y, arg)
	if len(y) > 0 && len(w) > 0 && s.poolsByWinograd(is32[T](), passForward) {
		x, w = x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K]
		winogradForward(winogradSets[active], s, as32(x), as32(w), nil, Epilogue[float32]{as32(e.Bias), e.ReLU},
			winogradPool{Pool: p, results: as32(y), arg: arg})
		return
	}
	done, winograd := 0, s.byWinograd(is32[T](), passForward)
	if k := convFor[T](); k != nil && p.sideBySide() && !winograd && len(y) > 0 && len(w) > 0 && !s.isProduct(k, s.K) {
		done = convPoolFast(k, s, p, x, w, y, arg, e)
	}
	s.Direct = !winograd // the strips keep to what is best for all images
	convPoolStrips(s, p, done, x, w, y, arg, e)
}

// poolOperands is the pool of the output of s, and its results cut to their size.
func poolOperands[T Float](s Conv, p Pool, y []T, arg []uint16) (Pool, []T, []uint16) {
	p.N, p.C = s.N, s.K
	p.H, p.W = s.Out()
	oh, ow := p.Out()
	n := p.N * oh * ow * p.C
	return p, y[:n], arg[:n]
}

// convPoolFast computes the images that ConvForward takes as lanes and returns how many they are.
func convPoolFast[T Float](k *convKernels, s Conv, p Pool, x, w, y []T, arg []uint16, e Epilogue[T]) int {
	x, w = x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K]
	t := forwardConv(k, s, x, y, e)
	n := t.asLanes()
	if n == 0 {
		return 0
	}
	t.winH, t.winW = p.KH, p.KW
	t.outH, t.outW = p.Out()
	t.cells = unsafe.Pointer(&arg[0])
	c := convWorks.get()
	c.prepare(&t, unsafe.Pointer(&w[0]))
	c.runImages(&t, n)
	c.release()
	return n
}

// convPoolStrip is about the size of a convolution's result that is pooled at once.
const convPoolStrip = 1 << 20

// winogradPoolTiles is how many tiles a strip has by Winograd's method, so that the transform of the filters pays.
const winogradPoolTiles = 512

// convPoolStrips computes the images from number first on, some at a time.
func convPoolStrips[T Float](s Conv, p Pool, first int, x, w, y []T, arg []uint16, e Epilogue[T]) {
	images, multiple := s.N, 1
	if k := convFor[T](); k != nil {
		multiple = 2 * k.lanes // no vectors of images but the last are cut
	}
	ph, pw := p.Out()
	from, mid, to := s.H*s.W*s.C, p.H*p.W*p.C, ph*pw*p.C
	if first == images || mid == 0 {
		return
	}
	size := int(unsafe.Sizeof(x[0]))
	step := max(1, convPoolStrip/(mid*size*multiple)) * multiple
	if !s.Direct {
		down, across := winogradAxes(p.H, p.W)
		step = max(step, winogradPoolTiles/(down.tiles()*across.tiles()))
	}
	buffer := convPoolBuffers.get()
	z := unsafe.Slice((*T)(buffer.get(min(step, images-first)*mid*size)), min(step, images-first)*mid)
	for i := first; i < images; i += step {
		n := min(step, images-i)
		s.N, p.N = n, n
		if s.Direct {
			ConvForward(s, x[i*from:(i+n)*from], w, z[:n*mid], e)
		} else {
			convForwardWinograd(s, x[i*from:(i+n)*from], w, z[:n*mid], e)
		}
		MaxPool(p, z[:n*mid], y[i*to:(i+n)*to], arg[i*to:(i+n)*to])
	}
	convPoolBuffers.put(buffer)
}

var convPoolBuffers stash[memory]
