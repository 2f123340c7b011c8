package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// weightConv computes the gradient by the filters as a product over the output positions, in one of two ways:
//
//   - The patches of x, what a filter sees at a position, are the vector lanes and the channels of dy the rows of the
//     tiles. No lane is wasted on an odd number of channels.
//   - The channels of dy are the lanes and the patches the rows. Nothing is packed however short the rows of a patch
//     are.
//
// Both read x and dy where they are. Only patches that lie on the image in part are assembled, in scratch memory.
//
// The positions are cut into chunks, each with a partial sum of its own, whose number depends on the shape alone;
// weightSum adds them in order. So the bits don't depend on the number of threads.
type weightConv struct {
	Shape
	oh, ow   int
	k        *kernels
	x, dy    unsafe.Pointer
	channels bool   // the lanes are channels of dy
	tiles    tiling // of K, or of a row of the patch
	panels   int    // groups of two vectors: of the patch, or of K
	height   int    // lines of a panel in the partial sums

	direct, rest int // lanes are patches: panels in one row of the patch, and what remains of the row

	chunks, split int            // chunks of positions times parts of the panels are the tasks
	partial       unsafe.Pointer // (chunk, panel, height, two vectors)
}

const (
	weightChunks       = 8       // at most
	weightPartialBytes = 4 << 20 // bound on the partial sums of several chunks
	weightBlock        = 128     // positions at once: their operands should stay in cache
)

// width is the length of a row of the patch, patch that of the patch.
func (t *weightConv) width() int { return t.KW * t.C }
func (t *weightConv) patch() int { return t.KH * t.width() }

// wide is the number of lanes of a panel.
func (t *weightConv) wide() int { return 2 * t.k.lanes }

// chunkBytes is the size of a partial sum.
func (t *weightConv) chunkBytes() int { return t.panels * t.height * t.k.lineBytes(2) }

// cut decides what the lanes are and chooses panels, tiles, chunks and parts.
func (t *weightConv) cut() {
	t.direct, t.rest = t.width()/t.wide(), t.width()%t.wide()
	t.channels = t.direct == 0 && 2*t.K >= t.k.lanes
	if t.channels {
		t.tiles = t.k.split(t.width())
		t.panels, t.height = (t.K+t.wide()-1)/t.wide(), t.patch()
	} else {
		t.tiles = t.k.split(t.K)
		t.panels, t.height = t.KH*t.direct+(t.KH*t.rest+t.wide()-1)/t.wide(), t.K
	}
	t.chunks = min(t.N*t.oh, max(1, min(weightChunks, weightPartialBytes/t.chunkBytes())))
	tasks := max(2*weightChunks, 4*threads.Count()) // the parts, unlike the chunks, don't change the bits
	t.split = min(t.panels, (tasks+t.chunks-1)/t.chunks)
}

// vectors is how many vectors the lines of panel p have.
func (t *weightConv) vectors(p int) int {
	lanes := t.wide()
	if t.channels {
		lanes = min(lanes, t.K-p*lanes)
	} else if p >= t.KH*t.direct {
		f0, f1 := t.restOf(p)
		lanes = f1 - f0
	}
	return (lanes + t.k.lanes - 1) / t.k.lanes
}

// Run computes one part of the panels for one chunk.
func (t *weightConv) Run(i int) {
	chunk, part := i/t.split, i%t.split
	p0, p1 := part*t.panels/t.split, (part+1)*t.panels/t.split
	rows := t.N * t.oh
	r0, r1 := chunk*rows/t.chunks, (chunk+1)*rows/t.chunks
	w := weightBlockWork{weightConv: t, scratch: scratches.Get()}
	block := max(1, weightBlock/t.ow)
	for r := r0; r < r1; r += block {
		w.open(r, min(block, r1-r))
		for p := p0; p < p1; p++ {
			sum := unsafe.Add(t.partial, chunk*t.chunkBytes()+p*t.height*t.k.lineBytes(2))
			switch {
			case t.channels:
				w.channelPanel(p, sum)
			case p < t.KH*t.direct:
				w.patchPanel(p, sum)
			default:
				w.restPanel(p, sum)
			}
		}
		w.mode = plusC
	}
	scratches.Put(w.scratch)
}

// weightBlockWork is a task at work on some rows of the output, counted through all images.
type weightBlockWork struct {
	*weightConv
	*scratch
	row, rows int
	grad      unsafe.Pointer // dy of these rows
	mode      int
}

// open turns to the rows [row, row+rows). Whole vectors of channels are read past the end of dy's last line, so that
// the last block is copied to where there is room.
func (w *weightBlockWork) open(row, rows int) {
	w.row, w.rows = row, rows
	line := w.ow * w.K * w.k.elem
	w.grad = unsafe.Add(w.dy, row*line)
	if w.channels && row+rows == w.N*w.oh {
		n := rows * line
		room := w.stage.Get(n + w.k.lineBytes(2))
		copy(unsafe.Slice((*byte)(room), n), unsafe.Slice((*byte)(w.grad), n))
		w.grad = room
	}
}

// inside returns the windows [lo, hi) of n, stride cells apart and the first one pad cells before an image of size
// cells, whose cells 0 to last lie on the image.
func inside(n, stride, pad, size, last int) (lo, hi int) {
	lo = min(n, max(0, (pad+stride-1)/stride))
	if room := size - 1 + pad - last; room >= 0 {
		return lo, max(lo, min(n, room/stride+1))
	}
	return lo, lo
}

// clip cuts the elements [c0, c1) of a row of the patch at position j down to those on the image.
func (t *weightConv) clip(j, c0, c1 int) (lo, hi int) {
	left := j*t.StrideW - t.PadW
	return max(c0, -left*t.C), min(c1, (t.W-left)*t.C)
}

// imageRow returns where, in elements, the image row starts that filter row a meets at output row r, and whether there
// is one.
func (t *weightConv) imageRow(r, a int) (start int, ok bool) {
	h := r%t.oh*t.StrideH + a - t.PadH
	return (r/t.oh*t.H + h) * t.W * t.C, h >= 0 && h < t.H
}
