package kernel

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// convWork is the state of a forward pass or a gradient by the input.
type convWork struct {
	images imageConv
	places placeConv
	pack   filterPack
	panels memory
}

var convWorks stash[convWork]

// prepare packs the filters w for the pass that t describes.
func (c *convWork) prepare(t *imageConv, w unsafe.Pointer) {
	t.tiles = t.k.split(t.dstC)
	c.pack = filterPack{Conv: t.Conv, k: t.k, back: t.back, tiles: t.tiles, w: w}
	t.panels = c.panels.get(c.pack.bytes())
	c.pack.dst = t.panels
	threads.Parallel(t.tiles.count, &c.pack)
}

// runImages computes the first n images.
func (c *convWork) runImages(t *imageConv, n int) {
	c.images = *t
	c.images.N = n
	c.images.cut()
	threads.Parallel(c.images.groups()*c.images.strips, &c.images)
}

// runPlaces computes the images from number n on.
func (c *convWork) runPlaces(t *imageConv, n int) {
	c.places.imageConv = *t
	c.places.N -= n
	c.places.src = unsafe.Add(t.src, n*t.srcH*t.srcW*t.srcC*t.k.elem)
	c.places.dst = unsafe.Add(t.dst, n*t.dstH*t.dstW*t.dstC*t.k.elem)
	threads.Parallel(c.places.tasks(), &c.places)
}

// release gives c back without the caller's memory.
func (c *convWork) release() {
	c.images, c.places, c.pack = imageConv{}, placeConv{}, filterPack{}
	convWorks.put(c)
}

// run computes the pass that t describes but for tiles, panels and strips.
func (c *convWork) run(t imageConv, w unsafe.Pointer) {
	t.winH, t.winW, t.outH, t.outW = 1, 1, t.dstH, t.dstW
	c.prepare(&t, w)
	n := t.asLanes()
	if n > 0 {
		c.runImages(&t, n)
	}
	if n < t.N {
		c.runPlaces(&t, n)
	}
	c.release()
}

// forwardConv describes a forward pass.
func forwardConv[T Float](k *convKernels, s Conv, x, y []T, e Epilogue[T]) imageConv {
	oh, ow := s.Out()
	t := imageConv{
		Conv: s, k: k,
		srcH: s.H, srcW: s.W, srcC: s.C, dstH: oh, dstW: ow, dstC: s.K,
		src: unsafe.Pointer(&x[0]), dst: unsafe.Pointer(&y[0]),
	}
	if e.Bias != nil {
		t.bias, t.mode = unsafe.Pointer(&e.Bias[:s.K][0]), fromBias
	}
	if e.ReLU {
		t.mode |= thenRelu
	}
	return t
}

func convForwardFast[T Float](k *convKernels, s Conv, x, w, y []T, e Epilogue[T]) {
	convWorks.get().run(forwardConv(k, s, x, y, e), unsafe.Pointer(&w[0]))
}

func convBackwardDataFast[T Float](k *convKernels, s Conv, dy, w, dx []T) {
	oh, ow := s.Out()
	convWorks.get().run(imageConv{
		Conv: s, k: k, back: true,
		srcH: oh, srcW: ow, srcC: s.K, dstH: s.H, dstW: s.W, dstC: s.C,
		src: unsafe.Pointer(&dy[0]), dst: unsafe.Pointer(&dx[0]),
	}, unsafe.Pointer(&w[0]))
}

// weightWork is the state of a gradient by the filters.
type weightWork[T Float] struct {
	conv    weightConv
	sum     weightSum[T]
	partial memory
}

var weightWorks stashes[weightWork[float32], weightWork[float64]]

func convBackwardWeightsFast[T Float](k *convKernels, s Conv, x, dy, dw []T) {
	works := stashOf[T, weightWork[T]](&weightWorks)
	c := works.get()
	oh, ow := s.Out()
	c.conv = weightConv{Conv: s, oh: oh, ow: ow, k: k, x: unsafe.Pointer(&x[0]), dy: unsafe.Pointer(&dy[0])}
	c.conv.cut()
	c.conv.partial = c.partial.get(c.conv.chunks*c.conv.chunkBytes() + k.lanes*k.lineBytes(2)) // unpack reads that much more
	c.sum = weightSum[T]{weightConv: &c.conv, dw: unsafe.Pointer(&dw[0])}
	threads.Parallel(c.conv.chunks*c.conv.split, &c.conv)
	threads.Parallel(c.conv.panels, &c.sum)
	c.conv, c.sum = weightConv{}, weightSum[T]{}
	works.put(c)
}
