package winograd

import (
	"math"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// work is the state of a call.
type work struct {
	conv    conv
	weights weights
	u, v, z kernel.Buffer
	images  kernel.Buffer
	zeros   kernel.Buffer // never written
}

var works kernel.Stash[work]

// streamBytes is the size of an output of which the caches would hold little until somebody reads it. Tests change it.
var streamBytes = 16 << 20

// run computes the convolution that c describes but for the sizes.
func (w *work) run(c conv) {
	c.whole = c.pool.Results != nil
	c.cut()
	lanes, tiles := c.k.lanes, c.tiles()
	zeros := w.zeros.Zero(4 * max(6*c.in.c, c.out.c))
	c.in.zeros = zeros
	if c.bias == nil {
		c.bias = zeros
	}
	c.panels = (c.out.c + 2*lanes - 1) / (2 * lanes)
	c.uPanel = c.in.c * c.k.lineBytes()
	c.vRow = c.k.rowBytes(c.in.c)
	c.kBlock = gemm.EvenBlock(c.in.c, depth, 4)
	c.stream = c.streams()
	w.conv = c
	full := (tiles + c.k.rows - 1) / c.k.rows // so many tasks have tiles enough for their registers
	if !c.whole && tiles <= few && tiles < c.out.c && c.panels >= min(full, threads.Count()) {
		w.conv.byPanels(w)
	} else {
		w.conv.blocks = c.shares(max((tiles+block-1)/block, min(full, 2*threads.Count())))
		w.conv.byTiles(w)
	}
	w.conv = conv{}
	works.Put(w)
}

// streams reports whether the output is to be written past the caches: where it is large, since a store into the cache
// reads the line from memory first.
func (c *conv) streams() bool {
	const line = 64
	return c.k.fence != nil && !c.pool.forward() && 4*c.n*c.out.h*c.out.w*c.out.c >= streamBytes &&
		c.out.c%c.k.lanes == 0 && uintptr(c.out.cells)%line == 0
}

// byTiles takes block after block of tiles through all steps.
func (c *conv) byTiles(w *work) {
	c.mRow = c.k.rowBytes(c.out.c)
	c.uStep = oddLines(c.panels * c.uPanel)
	c.u = w.u.Get(cellCount * c.uStep)
	c.slices = (c.in.c + slice - 1) / slice
	c.phase = transformFilters
	threads.Parallel(c.panels*c.slices, c)
	c.phase = convolveTiles
	threads.Parallel(c.blocks, c)
}

// byPanels takes panel after panel of filters through all steps.
func (c *conv) byPanels(w *work) {
	tiles := c.tiles()
	c.blocks = min(tiles, 4*threads.Count())
	c.mRow = oddLines(c.k.lineBytes())
	c.uStep = oddLines(c.uPanel)
	c.vStep = oddLines(tiles * c.vRow)
	c.v = w.v.Get(cellCount * c.vStep)
	c.phase = transformTiles
	threads.Parallel(c.blocks, c)
	c.phase = convolvePanel
	threads.Parallel(c.panels, c)
}

// Forward computes a forward pass, and with a pool the maxima of the result instead.
func Forward(s direct.Shape, x, w, y []float32, e gemm.Epilogue[float32], p Pool) {
	oh, ow := s.Out()
	c := conv{filters: unsafe.Pointer(&w[0]), floor: float32(math.Inf(-1)), pool: p}
	c.grid = grid{
		k: inUse(), n: s.N, padH: s.PadH, padW: s.PadW,
		in:  images{h: s.H, w: s.W, c: s.C, cells: unsafe.Pointer(&x[0])},
		out: images{h: oh, w: ow, c: s.K, cells: unsafe.Pointer(unsafe.SliceData(y))},
	}
	if e.Bias != nil {
		c.bias = unsafe.Pointer(&e.Bias[:s.K][0])
	}
	if e.ReLU {
		c.floor = 0
	}
	works.Get().run(c)
}

// BackwardData computes a gradient by the input, from that by the output or by the maxima of a pool of it.
func BackwardData(s direct.Shape, dy, w, dx []float32, p Pool) {
	oh, ow := s.Out()
	p.back = true
	c := conv{filters: unsafe.Pointer(&w[0]), turned: true, floor: float32(math.Inf(-1)), pool: p}
	c.grid = grid{
		k: inUse(), n: s.N, padH: 2 - s.PadH, padW: 2 - s.PadW,
		in:  images{h: oh, w: ow, c: s.K, cells: unsafe.Pointer(unsafe.SliceData(dy))},
		out: images{h: s.H, w: s.W, c: s.C, cells: unsafe.Pointer(&dx[0])},
	}
	works.Get().run(c)
}
