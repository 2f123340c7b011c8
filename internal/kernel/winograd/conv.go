package winograd

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// conv computes a convolution, or the gradient by its input, which is a convolution of the gradient by the output with
// the filters turned around. Input, filters and output have the roles that they play in the computation.
//
// There are two ways. With many tiles, the filters are transformed once, and each task takes some tiles through all
// three steps. With few tiles, these are transformed first, and each task takes a panel of filters through the steps,
// so that the transform of the filters, four times their size, never leaves the cache. The bits are the same.
type conv struct {
	grid
	turned  bool           // filters are stored with the roles of channels exchanged
	filters unsafe.Pointer // as stored
	bias    unsafe.Pointer
	floor   float32
	stream  bool // write the output past the caches
	pool    Pool
	phase   phase

	blocks         int // tasks that have some tiles each
	panels, slices int // panels of filters, and the parts of the input channels in which to transform them
	kBlock         int // input channels multiplied at once
	// Transformed input, by cell and tile, and transformed filters, by cell, panel and input channel.
	v, u unsafe.Pointer
	vRow, vStep,
	uPanel, uStep,
	mRow int
}

// phase is what the tasks do.
type phase int

const (
	transformFilters phase = iota
	convolveTiles          // of a block, through all steps
	transformTiles
	convolvePanel // of filters, through all steps
)

const (
	block = 56 // tiles of a task: their transforms should stay in the second cache
	// channels multiplied at once: a panel of so many should stay in the first cache, and sums of more round worse
	depth  = 128
	slice  = 32  // input channels of a filter transform
	few    = 256 // tiles that are few, if there are more filters
	panels = 128 // tiles that a panel of filters meets at once
)

// Run does task i of the phase.
func (c *conv) Run(i int) {
	s := scratches.Get()
	switch c.phase {
	case transformFilters:
		panel, slice := i/c.slices, i%c.slices
		lo, hi := threads.Share(c.in.c, c.slices, slice)
		c.transformPanel(s, panel, lo, hi, unsafe.Add(c.u, panel*c.uPanel+lo*c.k.lineBytes()))
	case transformTiles:
		lo, hi := threads.Share(c.tiles(), c.blocks, i)
		c.transformInput(s, c.all().part(lo, hi), &c.in, unsafe.Add(c.v, lo*c.vRow), c.vRow, c.vStep)
	case convolveTiles:
		c.convolveBlock(s, c.share(c.blocks, i))
	case convolvePanel:
		c.convolvePanel(s, i)
	}
	scratches.Put(s)
}

// transformPanel transforms input channels [lo, hi) of a panel of filters.
func (c *conv) transformPanel(s *scratch, panel, lo, hi int, dst unsafe.Pointer) {
	lanes, line := c.k.lanes, c.k.lineBytes()
	for v := range 2 {
		first := (2*panel + v) * lanes
		n := min(lanes, c.out.c-first)
		if n <= 0 {
			return
		}
		to := unsafe.Add(dst, v*lanes*4)
		if !c.turned {
			row := c.out.c * 4
			src := unsafe.Add(c.filters, lo*row+first*4)
			c.k.filter(hi-lo, n, (*byte)(src), row, c.in.c*row, (*byte)(to), line, c.uStep, s.aligned())
			continue
		}
		row := c.in.c * 4
		for l := range lanes {
			s.offsets[l] = min(l, n-1) * row
		}
		tap := slice * lanes * 4
		turned := (*byte)(s.turned.Get(9 * tap))
		for p := lo; p < hi; p += slice {
			count := min(slice, hi-p)
			src := unsafe.Add(c.filters, (8*c.out.c+first)*row+p*4)
			c.k.transpose(9, (*byte)(src), -c.out.c*row, &s.offsets[0], count, turned, tap, lanes*4, n)
			c.k.filter(count, n, turned, lanes*4, tap, (*byte)(unsafe.Add(to, (p-lo)*line)), line, c.uStep, s.aligned())
		}
	}
}

// convolveBlock computes the tiles of r.
func (c *conv) convolveBlock(s *scratch, r run) {
	n := r.count()
	vStep, mStep := oddLines(n*c.vRow), oddLines(n*c.mRow)
	v, m := s.v.Get(cellCount*vStep), s.m.Get(cellCount*mStep)
	in, out := c.pool.around(c, s, r)
	c.transformInput(s, r, &in, v, c.vRow, vStep)
	for cell := range cellCount {
		lo, hi := c.having(r, cell)
		c.multiply(lo, hi, unsafe.Add(v, cell*vStep), unsafe.Add(c.u, cell*c.uStep), unsafe.Add(m, cell*mStep), 0, c.panels)
	}
	c.transformOutput(s, r, 0, c.out.c, m, c.mRow, mStep, &out)
	if c.pool.forward() {
		c.pool.run(r.image, r.images, out.cells)
	}
}

// convolvePanel computes the output channels of a panel of filters for all tiles.
func (c *conv) convolvePanel(s *scratch, panel int) {
	u := s.u.Get(cellCount * c.uStep)
	c.transformPanel(s, panel, 0, c.in.c, u)
	from := 2 * c.k.lanes * panel
	channels := min(2*c.k.lanes, c.out.c-from)
	tiles := c.tiles()
	for first := 0; first < tiles; first += panels {
		r := c.all().part(first, min(first+panels, tiles))
		mStep := oddLines(r.count() * c.mRow)
		m := s.m.Get(cellCount * mStep)
		for cell := range cellCount {
			v := unsafe.Add(c.v, cell*c.vStep+first*c.vRow)
			lo, hi := c.having(r, cell)
			c.multiply(lo, hi, v, unsafe.Add(u, cell*c.uStep), unsafe.Add(m, cell*mStep), panel, panel+1)
		}
		c.transformOutput(s, r, from, channels, m, c.mRow, mStep, &c.out)
	}
}

// multiply computes the products of one cell: the input of tiles [first, end) times panels [from, to) of filters, the
// first of which is at u.
func (c *conv) multiply(first, end int, v, u, m unsafe.Pointer, from, to int) {
	line, n := c.k.lineBytes(), end-first
	parts := (n + c.k.rows - 1) / c.k.rows
	for k := 0; k < c.in.c; k += c.kBlock {
		depth := min(c.kBlock, c.in.c-k)
		for p := from; p < to; p++ {
			nv := min(2, (c.out.c-2*p*c.k.lanes+c.k.lanes-1)/c.k.lanes)
			b := (*byte)(unsafe.Add(u, (p-from)*c.uPanel+k*line))
			for i := range parts {
				lo, hi := threads.Share(n, parts, i)
				a := unsafe.Add(v, (first+lo)*c.vRow+4*k)
				sum := unsafe.Add(m, (first+lo)*c.mRow+(p-from)*line)
				c.k.tile[nv-1][hi-lo](depth, (*byte)(a), c.vRow, b, (*byte)(sum), c.mRow, k)
			}
		}
	}
}

// transformOutput writes channels output channels from number from on, of the tiles of r, to out.
func (c *conv) transformOutput(s *scratch, r run, from, channels int, m unsafe.Pointer, row, step int, out *images) {
	groups, tail := c.k.vectors(channels)
	cell := out.c * 4
	output := &c.k.output
	if c.stream {
		output = &c.k.stream
	}
	for i := range r.count() {
		t := c.at(r, i)
		dst := unsafe.Add(out.cells, (((t.image-out.first)*out.h+t.row)*out.w+t.col)*cell+4*from)
		output[t.kind](groups, tail, (*byte)(unsafe.Add(m, i*row)), step, (*byte)(dst), out.w*cell, cell,
			min(t.rows(), out.h-t.row), min(t.cols(), out.w-t.col), (*byte)(unsafe.Add(c.bias, 4*from)), c.floor, s.aligned())
	}
	if c.stream {
		c.k.fence()
	}
}
