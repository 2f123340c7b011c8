package winograd

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// weights computes the gradient by the filters. Batch after batch of tiles, input and gradient are transformed; then
// each task adds the products for some input channels and a panel of output channels to its sums, and transforms these
// back after the last batch. No sum is divided among tasks, and the batches depend on the shape alone.
type weights struct {
	grid
	filters unsafe.Pointer // result
	pool    Pool
	phase   weightsPhase

	batches, batch int
	run            run // of this batch
	parts          int // tasks that transform them
	panels, slices int // of output channels, and of input channels

	// Transformed input and gradient, by cell and tile, and the sums, by task, cell and input channel.
	v, z, sums    unsafe.Pointer
	vRow, vStep   int
	zRow, zStep   int
	row, step     int
	width, height int // of the sums of a cell, in channels: those of the output, the most of the input
}

type weightsPhase int

const (
	spreadGradient weightsPhase = iota // from the maxima of a pool to the images of the batch
	transformBoth
	addProducts
)

const (
	sumBytes = 1 << 20 // sums of a task, which should stay in the second cache

	// A batch has so many bytes, and in any case so many tiles.
	batchBytes = 8 << 20
	batchLeast = 64
	batchMost  = 256
)

// divide cuts channels and tiles. There are enough tasks for the threads, each with sums of a bounded size.
func (c *weights) divide() {
	var most int
	most, c.width = gemm.TileSize()
	c.panels = (c.out.c + c.width - 1) / c.width
	c.row = max(64, min(c.k.vectorBytes(c.out.c), c.width*4))
	units := (c.in.c + most - 1) / most
	bounded := (c.in.c*c.row*cellCount + sumBytes - 1) / sumBytes
	c.slices = min(units, max(bounded, (4*threads.Count()+c.panels-1)/c.panels))
	c.height = (units + c.slices - 1) / c.slices * most
	c.step = oddLines(c.height * c.row)
	c.vRow, c.zRow = c.k.rowBytes(c.in.c), c.k.rowBytes(c.out.c)

	tiles, tile := c.tiles(), cellCount*(c.vRow+c.zRow)
	c.batches = 1
	if tiles > batchMost || tiles*tile > cellCount*4*c.in.c*c.out.c { // or else a batch takes less memory than the sums
		batch := min(max(batchBytes/tile, batchLeast), batchMost)
		c.batches = c.shares((tiles + batch - 1) / batch)
	}
	largest := c.most(c.batches)
	c.vStep, c.zStep = oddLines(largest*c.vRow), oddLines(largest*c.zRow)
}

// Run does task i of the phase.
func (c *weights) Run(i int) {
	s := scratches.Get()
	switch c.phase {
	case spreadGradient:
		c.pool.run(c.run.image+i, 1, unsafe.Add(c.out.cells, 4*i*c.out.h*c.out.w*c.out.c))
	case transformBoth:
		lo, hi := threads.Share(c.run.count(), c.parts, i)
		r := c.run.part(lo, hi)
		c.transformInput(s, r, &c.in, unsafe.Add(c.v, lo*c.vRow), c.vRow, c.vStep)
		c.transformGrad(s, r, unsafe.Add(c.z, lo*c.zRow), c.zRow, c.zStep)
	case addProducts:
		var sums unsafe.Pointer
		if c.batches == 1 { // nothing is kept from batch to batch
			sums = s.m.Get(cellCount * c.step)
		} else {
			sums = unsafe.Add(c.sums, i*cellCount*c.step)
		}
		most, _ := gemm.TileSize()
		c0, c1 := threads.ShareUnits(c.in.c, c.slices, i%c.slices, most)
		k0 := i / c.slices * c.width
		c.add(&s.products, sums, c0, c1, k0)
		if c.batch == c.batches-1 {
			c.finish(s, sums, c0, c1, k0)
		}
	}
	scratches.Put(s)
}

// add adds the products of the batch for input channels [c0, c1) and the panel of output channels from k0 on.
func (c *weights) add(m *gemm.Accumulator, sums unsafe.Pointer, c0, c1, k0 int) {
	most, _ := gemm.TileSize()
	vectors, _ := c.k.vectors(min(c.width, c.out.c-k0))
	parts := (c1 - c0 + most - 1) / most
	for cell := range cellCount {
		from, to := c.having(c.run, cell)
		if from == to {
			if c.batch == 0 {
				clear(unsafe.Slice((*byte)(unsafe.Add(sums, cell*c.step)), (c1-c0)*c.row))
			}
			continue
		}
		b := unsafe.Add(c.z, cell*c.zStep+from*c.zRow+k0*4)
		for p := range parts {
			lo, hi := threads.Share(c1-c0, parts, p)
			a := unsafe.Add(c.v, cell*c.vStep+from*c.vRow+(c0+lo)*4)
			sum := unsafe.Add(sums, cell*c.step+lo*c.row)
			m.Multiply(hi-lo, vectors, to-from, a, c.vRow, b, c.zRow, sum, c.row, c.batch > 0)
		}
	}
	m.Release()
}

// finish transforms the sums back.
func (c *weights) finish(s *scratch, sums unsafe.Pointer, c0, c1, k0 int) {
	row := c.out.c * 4
	for k := k0; k < min(k0+c.width, c.out.c); k += c.k.lanes {
		dst := unsafe.Add(c.filters, c0*row+k*4)
		c.k.filterGrad(c1-c0, min(c.k.lanes, c.out.c-k), (*byte)(unsafe.Add(sums, (k-k0)*4)), c.row, c.step,
			(*byte)(dst), row, c.in.c*row, s.aligned())
	}
}

// runWeights computes the gradient that c describes but for the sizes.
func (w *work) runWeights(c weights) {
	c.whole = c.pool.Results != nil
	c.cut()
	c.divide()
	c.v, c.z = w.v.Get(cellCount*c.vStep), w.z.Get(cellCount*c.zStep)
	if c.pool.Results != nil {
		c.out.cells = w.images.Get(4 * c.most(c.batches) / c.perImage() * c.out.h * c.out.w * c.out.c)
	}
	if c.batches > 1 {
		c.sums = w.u.Get(c.panels * c.slices * cellCount * c.step)
	}
	c.in.zeros = w.zeros.Zero(4 * max(6*c.in.c, 4*c.out.c))
	c.out.zeros = c.in.zeros
	w.weights = c
	t := &w.weights
	for b := range c.batches {
		t.batch, t.run = b, c.share(c.batches, b)
		if t.pool.Results != nil {
			t.out.first, t.phase = t.run.image, spreadGradient
			threads.Parallel(t.run.images, t)
		}
		t.parts = min(t.run.count(), 8*threads.Count())
		t.phase = transformBoth
		threads.Parallel(t.parts, t)
		t.phase = addProducts
		threads.Parallel(t.panels*t.slices, t)
	}
	w.weights = weights{}
	works.Put(w)
}

// BackwardWeights computes a gradient by the filters, from that by the output or by the maxima of a pool of it.
func BackwardWeights(s direct.Shape, x, dy, dw []float32, p Pool) {
	oh, ow := s.Out()
	p.back = true
	works.Get().runWeights(weights{
		filters: unsafe.Pointer(&dw[0]), pool: p,
		grid: grid{
			k: inUse(), n: s.N, padH: s.PadH, padW: s.PadW,
			in:  images{h: s.H, w: s.W, c: s.C, cells: unsafe.Pointer(&x[0])},
			out: images{h: oh, w: ow, c: s.K, cells: unsafe.Pointer(unsafe.SliceData(dy))},
		},
	})
}
