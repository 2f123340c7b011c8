package kernel

import "unsafe"

// convWork is the state of a forward pass or a gradient by the input.
type convWork struct {
	images imageConv
	places placeConv
	pack   filterPack
	panels memory
}

var convWorks stash[convWork]

// run computes the pass that t describes but for tiles, panels and strips.
func (c *convWork) run(t imageConv, w unsafe.Pointer) {
	t.tiles = t.k.split(t.dstC)
	c.pack = filterPack{Conv: t.Conv, k: t.k, back: t.back, tiles: t.tiles, w: w}
	t.panels = c.panels.get(c.pack.bytes())
	c.pack.dst = t.panels
	Parallel(t.tiles.count, &c.pack)

	// Images that fill three quarters of a vector are lanes; of a lesser rest the cells are.
	c.images, c.places.imageConv = t, t
	rest := t.N % t.k.lanes
	if 4*rest >= 3*t.k.lanes {
		rest = 0
	}
	n := t.N - rest
	if n > 0 {
		c.images.N = n
		c.images.cut()
		Parallel(c.images.groups()*c.images.strips, &c.images)
	}
	if rest > 0 {
		c.places.N = rest
		c.places.src = unsafe.Add(t.src, n*t.srcH*t.srcW*t.srcC*t.k.elem)
		c.places.dst = unsafe.Add(t.dst, n*t.dstH*t.dstW*t.dstC*t.k.elem)
		Parallel(c.places.tasks(), &c.places)
	}
	c.images, c.places, c.pack = imageConv{}, placeConv{}, filterPack{} // let go of the caller's memory
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
	c.run(t, unsafe.Pointer(&w[0]))
	convWorks.put(c)
}

func convBackwardDataFast[T Float](k *convKernels, s Conv, dy, w, dx []T) {
	c := convWorks.get()
	oh, ow := s.Out()
	c.run(imageConv{
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
	c.conv.partial = c.partial.get(c.conv.chunks*c.conv.chunkBytes() + k.lanes*k.lineBytes(2)) // unpack reads that much more
	c.sum = weightSum[T]{weightConv: &c.conv, dw: unsafe.Pointer(&dw[0])}
	Parallel(c.conv.chunks*c.conv.split, &c.conv)
	Parallel(c.conv.panels, &c.sum)
	c.conv, c.sum = weightConv{}, weightSum[T]{}
	works.put(c)
}
