package kernel

import "unsafe"

// weightConv computes the gradient by the filters as the product of dy, transposed, and the matrix of the patches of x:
// a line of it holds what the filter sees at one output position, (filter row, filter column, channel) from left to
// right. The patches are the vector lanes, cut into panels of two vectors; the channels of the output are the rows of
// the tiles, read from dy as it is.
//
// The output positions are cut into chunks, each with a partial sum of its own, whose number depends on the shape
// alone; weightSum adds them in order. So the bits don't depend on the number of threads.
type weightConv struct {
	Conv
	oh, ow        int
	k             *convKernels
	x, dy         unsafe.Pointer
	tiles         tiling // of K
	panels        int
	chunks, split int            // chunks of positions times parts of the panels are the tasks
	partial       unsafe.Pointer // (chunk, panel, K, two vectors)
}

const (
	weightTasks        = 16      // about as many tasks as this
	weightPartialBytes = 4 << 20 // bound on the partial sums of all chunks but the first
	weightBlock        = 128     // positions for which a panel is packed at once
)

// patch is the length of a line of the patch matrix.
func (t *weightConv) patch() int { return t.KH * t.KW * t.C }

// chunkBytes is the size of a partial sum.
func (t *weightConv) chunkBytes() int { return t.panels * t.K * t.k.lineBytes(2) }

// cut chooses panels, tiles, chunks and parts.
func (t *weightConv) cut() {
	wide := 2 * t.k.lanes
	t.panels = (t.patch() + wide - 1) / wide
	t.tiles = t.k.split(t.K)
	t.chunks = min(t.N*t.oh, max(1, min(weightTasks/2, weightPartialBytes/t.chunkBytes())))
	t.split = min(t.panels, (weightTasks+t.chunks-1)/t.chunks)
}

// vectors is how many vectors panel p needs.
func (t *weightConv) vectors(p int) int {
	return min(2, (t.patch()-2*p*t.k.lanes+t.k.lanes-1)/t.k.lanes)
}

// Run computes one part of the panels for one chunk.
func (t *weightConv) Run(i int) {
	chunk, part := i/t.split, i%t.split
	p0, p1 := part*t.panels/t.split, (part+1)*t.panels/t.split
	rows := t.N * t.oh
	r0, r1 := chunk*rows/t.chunks, (chunk+1)*rows/t.chunks
	work := scratches.get()
	block := max(1, weightBlock/t.ow)
	lines := work.source.get(block * t.ow * t.k.lineBytes(2))
	mode := 0
	for r := r0; r < r1; r += block {
		n := min(block, r1-r)
		work.spans = append(work.spans[:0], span{n: n * t.ow})
		for p := p0; p < p1; p++ {
			nv := t.vectors(p)
			t.pack(lines, p, nv, r, n)
			c := unsafe.Add(t.partial, chunk*t.chunkBytes()+p*t.K*t.k.lineBytes(2))
			for i := range t.tiles.count {
				k0, rows := t.tiles.at(i)
				a := unsafe.Add(t.dy, (r*t.ow*t.K+k0)*t.k.elem)
				to := unsafe.Add(c, k0*t.k.lineBytes(nv))
				t.k.run(nv, rows, work.spans, a, lines, to, t.K*t.k.elem, t.k.lineBytes(nv), nil, mode)
			}
		}
		mode = fromC
	}
	scratches.put(work)
}
