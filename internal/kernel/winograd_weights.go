package kernel

import "unsafe"

// winogradWeights computes the gradient by the filters. Some tiles at a time, input and gradient are transformed; then each task
// adds up the products for some input channels and a panel of output channels, and transforms them back after the last tiles.
// No sum is split among tasks.
type winogradWeights struct {
	winogradGrid
	filters unsafe.Pointer // result
	phase   winogradWeightsPhase

	first, count   int // tiles now
	parts          int // tasks that transform them
	panels, slices int // of output channels, and of input channels
	v, z, sums     unsafe.Pointer
	vRow, vStep    int
	zRow, zStep    int
	row, step      int // of a task's sums: of an input channel, of a cell
	mine           bool
}

type winogradWeightsPhase int

const (
	transformBoth winogradWeightsPhase = iota
	addProducts
)

const (
	winogradBatch      = 512 // tiles at a time, at most
	winogradBatchDepth = 256 // tiles multiplied at once
	winogradSumBytes   = 1 << 20
)

// Run does task i of the phase.
func (c *winogradWeights) Run(i int) {
	s := winogradScratches.get()
	if c.phase == transformBoth {
		lo, hi := share(c.count, c.parts, i)
		c.transformInput(s, c.first+lo, hi-lo, unsafe.Add(c.v, lo*c.vRow), c.vRow, c.vStep)
		c.transformGrad(s, c.first+lo, hi-lo, unsafe.Add(c.z, lo*c.zRow), c.zRow, c.zStep)
	} else {
		c.add(s, i)
	}
	winogradScratches.put(s)
}

// width is the number of output channels of a panel.
func (c *winogradWeights) width() int { return gemm32[active].cols }

// add computes the products of a task, and its part of the result with the last tiles.
func (c *winogradWeights) add(s *winogradScratch, i int) {
	g := gemm32[active]
	panel, slice := i/c.slices, i%c.slices
	c0, c1 := shareUnits(c.in.c, c.slices, slice, g.rows)
	k0 := panel * c.width()
	vecs, tail := c.k.vectors(min(c.width(), c.out.c-k0))
	sums := unsafe.Add(c.sums, i*winogradCells*c.step)
	if c.mine {
		sums = s.m.get(winogradCells * c.step)
	}
	t := &s.tile
	*t = tile{aStep: c.vRow, bStep: c.zRow, cStep: c.row, last: c.k.lanes, beta: bitsOf[float32](1)}
	parts := (c1 - c0 + g.rows - 1) / g.rows
	for cell := range winogradCells {
		v := unsafe.Add(c.v, cell*c.vStep+c0*4)
		z := unsafe.Add(c.z, cell*c.zStep+k0*4)
		sum := unsafe.Add(sums, cell*c.step)
		for k := 0; k < c.count; k += winogradBatchDepth {
			t.k = min(winogradBatchDepth, c.count-k)
			t.flags = 0
			if c.first+k > 0 {
				t.flags = tileAdd
			}
			t.b = unsafe.Add(z, k*c.zRow)
			for p := range parts {
				lo, hi := share(c1-c0, parts, p)
				t.rows = hi - lo
				t.a = unsafe.Add(v, k*c.vRow+lo*4)
				t.c = unsafe.Add(sum, lo*c.row)
				g.tiles[hi-lo][vecs](t)
			}
		}
	}
	*t = tile{}
	if c.first+c.count < c.tiles() {
		return
	}
	row := c.out.c * 4
	for q := range vecs {
		lanes := c.k.lanes
		if q == vecs-1 {
			lanes = tail
		}
		at := q * c.k.lanes * 4
		c.k.filterGrad(c1-c0, lanes, (*byte)(unsafe.Add(sums, at)), c.row, c.step,
			(*byte)(unsafe.Add(c.filters, c0*row+k0*4+at)), row, c.in.c*row, s.aligned())
	}
}

func winogradBackwardWeights(k *winogradKernels, s Conv, x, dy, dw []float32) {
	w := winogradWorks.get()
	oh, ow := s.Out()
	w.weights = winogradWeights{filters: unsafe.Pointer(&dw[0])}
	c := &w.weights
	zeros := w.zeros.zero(4 * max(6*s.C, 4*s.K))
	c.winogradGrid = winogradGrid{
		k: k, n: s.N, padH: s.PadH, padW: s.PadW,
		in:  winogradImages{h: s.H, w: s.W, c: s.C, cells: unsafe.Pointer(&x[0]), zeros: zeros},
		out: winogradImages{h: oh, w: ow, c: s.K, cells: unsafe.Pointer(&dy[0]), zeros: zeros},
	}
	c.cut()
	c.divide()
	tiles := c.tiles()
	batches := (tiles + winogradBatch - 1) / winogradBatch
	most := (tiles + batches - 1) / batches
	c.vStep, c.zStep = oddLines(most*c.vRow), oddLines(most*c.zRow)
	c.v, c.z = w.v.get(winogradCells*c.vStep), w.u.get(winogradCells*c.zStep)
	c.mine = batches == 1
	if !c.mine {
		c.sums = w.sums.get(c.panels * c.slices * winogradCells * c.step)
	}
	for b := range batches {
		lo, hi := share(tiles, batches, b)
		c.first, c.count = lo, hi-lo
		c.parts = min(c.count, 8*Threads())
		c.phase = transformBoth
		Parallel(c.parts, c)
		c.phase = addProducts
		Parallel(c.panels*c.slices, c)
	}
	w.weights = winogradWeights{}
	winogradWorks.put(w)
}

// divide cuts the channels into tasks: enough of them for the threads, each with sums of a bounded size.
func (c *winogradWeights) divide() {
	g := gemm32[active]
	c.panels = (c.out.c + c.width() - 1) / c.width()
	units := (c.in.c + g.rows - 1) / g.rows
	c.row = min(c.k.vectorBytes(c.out.c), c.width()*4)
	c.row = max(c.row, 64)
	bounded := (c.in.c*c.row*winogradCells + winogradSumBytes - 1) / winogradSumBytes
	c.slices = min(units, max(bounded, (4*Threads()+c.panels-1)/c.panels))
	rows := (units + c.slices - 1) / c.slices * g.rows
	c.step = oddLines(rows * c.row)
	c.vRow, c.zRow = c.k.rowBytes(c.in.c), c.k.rowBytes(c.out.c)
}
