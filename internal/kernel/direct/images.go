package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// imageConv computes a convolution, or the gradient by its input, with the images of a batch as vector lanes.
//
// A strip of the source is transposed to (row, column, channel, image), which makes the operands of every output cell
// contiguous: a run of filter cells meets a run of lines of the strip. Cells outside the image are left out of the
// runs, so that padding costs nothing, and no lane is wasted whatever the number of channels. Tiles of (channels of the
// output, images) go to a stage and are transposed back from there.
//
// The passes differ in the runs of an output cell alone, see plan.
type imageConv struct {
	Shape
	k    *kernels
	back bool

	srcH, srcW, srcC int
	dstH, dstW, dstC int
	src, dst         unsafe.Pointer
	panels           unsafe.Pointer // the filters as filterPack leaves them
	bias             unsafe.Pointer
	mode             int
	tiles            tiling // of dstC

	// Forward, cells of the result that a window of winH by winW holds may be pooled before they are written: outH rows
	// and outW columns of windows, whose winners go to cells. Otherwise the window is one cell and out is dst.
	winH, winW, outH, outW int
	cells                  unsafe.Pointer
	strips, stripLen       int // an image's out rows are cut into strips of stripLen
}

// Bounds on the memory of a strip and of the stage, in bytes: together they should stay in a second-level cache.
const (
	stripBytes = 384 << 10
	stageBytes = 64 << 10
)

// groups is how many groups of images the batch falls into. A group fills two vectors.
func (t *imageConv) groups() int { return (t.N + 2*t.k.lanes - 1) / (2 * t.k.lanes) }

// cut chooses the strips: as many as keep one in cache, and enough tasks for some balance. They don't change the bits
// of any output cell.
func (t *imageConv) cut() {
	row := t.srcW * t.srcC * t.k.lineBytes(2)
	fit := max(1, stripBytes/row-t.KH+1) // source rows in cache less the overlap, about the output rows for stride 1
	if !t.back {
		fit = max(1, fit/(t.StrideH*t.winH))
	}
	t.strips = max((t.outH+fit-1)/fit, min(t.outH, 4*threads.Count()/t.groups()))
	t.stripLen = (t.outH + t.strips - 1) / t.strips
	t.strips = (t.outH + t.stripLen - 1) / t.stripLen
}

// Run computes one strip of one group of images.
func (t *imageConv) Run(i int) {
	first := i / t.strips * 2 * t.k.lanes
	r0 := i % t.strips * t.stripLen
	w := scratches.Get()
	g := imageStrip{imageConv: t, scratch: w, first: first, count: min(t.N-first, 2*t.k.lanes)}
	g.nv = (g.count + t.k.lanes - 1) / t.k.lanes
	g.line = t.k.lineBytes(g.nv)
	r1 := min(r0+t.stripLen, t.outH)
	g.load(r0*t.winH, r1*t.winH)
	g.compute(r0, r1)
	scratches.Put(w)
}

// imageStrip is one task at work.
type imageStrip struct {
	*imageConv
	*scratch
	first, count int // images
	nv, line     int // vectors of a line and its bytes
	row0         int // first source row in the strip
	strip        unsafe.Pointer
}

// load transposes the source rows under the output rows [r0, r1).
func (g *imageStrip) load(r0, r1 int) {
	lo, hi := r0*g.StrideH-g.PadH, (r1-1)*g.StrideH-g.PadH+g.KH
	if g.back {
		lo, hi = (r0+g.PadH-g.KH+g.StrideH)/g.StrideH, (r1-1+g.PadH)/g.StrideH+1
	}
	lo, hi = max(lo, 0), min(hi, g.srcH)
	g.row0 = lo
	cols := (hi - lo) * g.srcW * g.srcC
	if cols <= 0 {
		return
	}
	g.strip = g.source.Get(cols * g.line)
	image := g.srcH * g.srcW * g.srcC * g.k.elem
	for v := range g.nv {
		first, n := g.images(v)
		for r := range g.k.lanes {
			g.offsets[0][r] = min(r, n-1) * image
		}
		src := unsafe.Add(g.src, first*image+lo*g.srcW*g.srcC*g.k.elem)
		g.k.pack(src, &g.offsets[0], cols, unsafe.Add(g.strip, v*g.k.lineBytes(1)), g.line)
	}
}

// compute fills the out rows [r0, r1).
func (g *imageStrip) compute(r0, r1 int) {
	g.k.multiples(&g.offsets[1], g.line)
	window := g.winH * g.winW * g.dstC * g.line
	chunk := max(1, min(g.outW, stageBytes/window))
	stage := g.stage.Get(chunk*window + g.k.lanes*g.line)
	for r := r0; r < r1; r++ {
		for q0 := 0; q0 < g.outW; q0 += chunk {
			q1 := min(q0+chunk, g.outW)
			for i := range g.winH {
				row := unsafe.Add(stage, i*(q1-q0)*g.winW*g.dstC*g.line)
				g.sum(row, r*g.winH+i, q0*g.winW, q1*g.winW)
			}
			if g.cells != nil {
				g.pool(stage, r, q0, q1)
			}
			g.flush(stage, r, q0, q1)
		}
	}
}

// sum computes the cells [q0, q1) of row r of the result, lines of their channels one after another.
func (g *imageStrip) sum(dst unsafe.Pointer, r, q0, q1 int) {
	aStep := g.tiles.most() * g.k.elem
	g.plan(r, q0, q1, aStep)
	for i := range g.tiles.count {
		k0, rows := g.tiles.at(i)
		bias := unsafe.Pointer(nil)
		if g.bias != nil {
			bias = unsafe.Add(g.bias, k0*g.k.elem)
		}
		a := unsafe.Add(g.panels, i*g.steps()*aStep)
		for n, cell := range g.runs {
			b := unsafe.Add(g.strip, cell.b)
			c := unsafe.Add(dst, (n*g.dstC+k0)*g.line)
			g.k.run(g.nv, rows, g.spans[cell.lo:cell.hi], a, b, c, aStep, g.line, bias, g.mode)
		}
	}
}

// flush transposes the staged cells [q0, q1) of out row r into the images.
func (g *imageStrip) flush(stage unsafe.Pointer, r, q0, q1 int) {
	image := g.outH * g.outW * g.dstC
	lines := (q1 - q0) * g.dstC
	for v := range g.nv {
		first, n := g.images(v)
		src := unsafe.Add(stage, v*g.k.lineBytes(1))
		dst := unsafe.Add(g.dst, (first*image+(r*g.outW+q0)*g.dstC)*g.k.elem)
		g.k.unpack(lines, src, g.line, &g.offsets[1], n, dst, image*g.k.elem)
	}
}

// images returns the first image in vector v and how many there are.
func (g *imageStrip) images(v int) (first, n int) {
	return g.first + v*g.k.lanes, min(g.count-v*g.k.lanes, g.k.lanes)
}

// steps is how many products an output cell sums at most.
func (t *imageConv) steps() int { return t.KH * t.KW * t.srcC }
