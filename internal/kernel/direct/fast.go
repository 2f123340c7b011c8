package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// work is the state of a forward pass or a gradient by the input.
type work struct {
	images imageConv
	places placeConv
	pack   filterPack
	panels kernel.Buffer
}

var works kernel.Stash[work]

// prepare packs the filters w for the pass that t describes.
func (c *work) prepare(t *imageConv, w unsafe.Pointer) {
	t.tiles = t.k.split(t.dstC)
	c.pack = filterPack{Shape: t.Shape, k: t.k, back: t.back, tiles: t.tiles, w: w}
	t.panels = c.panels.Get(c.pack.bytes())
	c.pack.dst = t.panels
	threads.Parallel(t.tiles.count, &c.pack)
}

// runImages computes the first n images.
func (c *work) runImages(t *imageConv, n int) {
	c.images = *t
	c.images.N = n
	c.images.cut()
	threads.Parallel(c.images.groups()*c.images.strips, &c.images)
}

// runPlaces computes the images from number n on.
func (c *work) runPlaces(t *imageConv, n int) {
	c.places.imageConv = *t
	c.places.N -= n
	c.places.src = unsafe.Add(t.src, n*t.srcH*t.srcW*t.srcC*t.k.elem)
	c.places.dst = unsafe.Add(t.dst, n*t.dstH*t.dstW*t.dstC*t.k.elem)
	threads.Parallel(c.places.tasks(), &c.places)
}

// release gives c back without the caller's memory.
func (c *work) release() {
	c.images, c.places, c.pack = imageConv{}, placeConv{}, filterPack{}
	works.Put(c)
}

// run computes the pass that t describes but for tiles, panels and strips.
func (c *work) run(t imageConv, w unsafe.Pointer) {
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
func forwardConv[T kernel.Float](s Shape, x, y []T, e gemm.Epilogue[T]) imageConv {
	oh, ow := s.Out()
	t := imageConv{
		Shape: s, k: inUse[T](),
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

func forwardFast[T kernel.Float](s Shape, x, w, y []T, e gemm.Epilogue[T]) {
	works.Get().run(forwardConv(s, x, y, e), unsafe.Pointer(&w[0]))
}

func backwardDataFast[T kernel.Float](s Shape, dy, w, dx []T) {
	oh, ow := s.Out()
	works.Get().run(imageConv{
		Shape: s, k: inUse[T](), back: true,
		srcH: oh, srcW: ow, srcC: s.K, dstH: s.H, dstW: s.W, dstC: s.C,
		src: unsafe.Pointer(&dy[0]), dst: unsafe.Pointer(&dx[0]),
	}, unsafe.Pointer(&w[0]))
}

// weightWork is the state of a gradient by the filters.
type weightWork[T kernel.Float] struct {
	conv    weightConv
	sum     weightSum[T]
	partial kernel.Buffer
}

var weightWorks kernel.Stashes[weightWork[float32], weightWork[float64]]

func backwardWeightsFast[T kernel.Float](s Shape, x, dy, dw []T) {
	k, works := inUse[T](), kernel.StashOf[T, weightWork[T]](&weightWorks)
	c := works.Get()
	oh, ow := s.Out()
	c.conv = weightConv{Shape: s, oh: oh, ow: ow, k: k, x: unsafe.Pointer(&x[0]), dy: unsafe.Pointer(&dy[0])}
	c.conv.cut()
	// unpack reads that much more
	c.conv.partial = c.partial.Get(c.conv.chunks*c.conv.chunkBytes() + k.lanes*k.lineBytes(2))
	c.sum = weightSum[T]{weightConv: &c.conv, dw: unsafe.Pointer(&dw[0])}
	threads.Parallel(c.conv.chunks*c.conv.split, &c.conv)
	threads.Parallel(c.conv.panels, &c.sum)
	c.conv, c.sum = weightConv{}, weightSum[T]{}
	works.Put(c)
}
