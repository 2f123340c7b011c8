package kernel

import "unsafe"

// convWork is the state of a convolution by assembly.
type convWork struct {
	images imageConv
	pack   filterPack
	panels memory
}

var convWorks stash[convWork]

// runImages computes the pass that t describes but for tiles, panels and strips.
func (c *convWork) runImages(t imageConv, w unsafe.Pointer) {
	c.images = t
	c.images.tiles = t.k.split(t.dstC)
	c.images.cut()
	c.pack = filterPack{Conv: t.Conv, k: t.k, back: t.back, tiles: c.images.tiles, w: w}
	c.images.panels = c.panels.get(c.pack.bytes())
	c.pack.dst = c.images.panels
	Parallel(c.images.tiles.count, &c.pack)
	Parallel(c.images.groups()*c.images.strips, &c.images)
	c.images, c.pack = imageConv{}, filterPack{} // let go of the caller's memory
}

func convForwardFast[T Float](k *convKernels, s Conv, x, w, y []T, e Epilogue[T]) {
	c := convWorks.get()
	oh, ow := s.Out()
	t := imageConv{
		Conv: s, oh: oh, ow: ow, k: k,
		srcH: s.H, srcW: s.W, srcC: s.C, dstH: oh, dstW: ow, dstC: s.K,
		src: unsafe.Pointer(&x[0]), dst: unsafe.Pointer(&y[0]),
	}
	if e.Bias != nil {
		t.bias, t.mode = unsafe.Pointer(&e.Bias[0]), fromBias
	}
	if e.ReLU {
		t.mode |= thenRelu
	}
	c.runImages(t, unsafe.Pointer(&w[0]))
	convWorks.put(c)
}

func convBackwardDataFast[T Float](k *convKernels, s Conv, dy, w, dx []T) {
	c := convWorks.get()
	oh, ow := s.Out()
	c.runImages(imageConv{
		Conv: s, oh: oh, ow: ow, k: k, back: true,
		srcH: oh, srcW: ow, srcC: s.K, dstH: s.H, dstW: s.W, dstC: s.C,
		src: unsafe.Pointer(&dy[0]), dst: unsafe.Pointer(&dx[0]),
	}, unsafe.Pointer(&w[0]))
	convWorks.put(c)
}

// weightWork is the state of a gradient by the filters.
type weightWork[T Float] struct {
	conv    weightConv
	sum     weightSum[T]
	partial memory
}

var (
	weightWorks32 stash[weightWork[float32]]
	weightWorks64 stash[weightWork[float64]]
)

// weightWorks returns the stash for T.
func weightWorks[T Float]() *stash[weightWork[T]] {
	if is32[T]() {
		return any(&weightWorks32).(*stash[weightWork[T]])
	}
	return any(&weightWorks64).(*stash[weightWork[T]])
}

func convBackwardWeightsFast[T Float](k *convKernels, s Conv, x, dy, dw []T) {
	works := weightWorks[T]()
	c := works.get()
	oh, ow := s.Out()
	c.conv = weightConv{Conv: s, oh: oh, ow: ow, k: k, x: unsafe.Pointer(&x[0]), dy: unsafe.Pointer(&dy[0])}
	c.conv.cut()
	c.conv.partial = c.partial.get(c.conv.chunks * c.conv.chunkBytes())
	c.sum = weightSum[T]{weightConv: &c.conv, dw: unsafe.Pointer(&dw[0])}
	Parallel(c.conv.chunks*c.conv.split, &c.conv)
	Parallel(c.conv.panels, &c.sum)
	c.conv, c.sum = weightConv{}, weightSum[T]{}
	works.put(c)
}
