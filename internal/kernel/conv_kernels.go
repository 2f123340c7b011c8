package kernel

import "unsafe"

// convKernels is the assembly of one kernel set and element type, as the convolutions use it. Strides are in bytes.
type convKernels struct {
	elem  int // bytes of an element
	lanes int // elements of a vector
	rows  int // most rows of a tile

	// tile[v-1][rows] adds products to a tile of rows lines of v vectors, contiguous at c:
	//
	//	C[r] = act(start[r] + sum over the spans and i < span.n of a[span.a + i aStep + r elem] b[span.b + i bStep ...])
	//
	// where start is zero, a bias for each line, or C itself.
	tile [2][]tileFunc
	// transpose writes dst[c dstStep + r elem] = src[offsets[r] + c elem] for c < cols, r < lanes, in each of blocks blocks.
	// There are as many offsets as a vector has lanes, all of them readable.
	transpose func(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int)
	// gather copies rows rows of count runs each of n elements, at most two vectors.
	gather func(rows, srcRow, dstRow, count int, src *byte, srcStep int, dst *byte, dstStep, n int)
	// poolMax writes the maximum over cells vectors, at the given offsets from src, and the number of the first that has it,
	// as an integer of the elements' size, for n vectors side by side. The first NaN wins.
	poolMax func(n int, src *byte, offsets *int, cells int, dst, cell *byte)
	// joinCells packs such numbers into 16 bits each: elem/2 lines of nv vectors into one, for lines lines of the result.
	joinCells func(lines, nv int, src, dst *byte)
}

type tileFunc = func(spans *int, n int, a, b, c *byte, aStep, bStep int, bias *byte, mode int)

// span is a run of steps in a tile: where the columns of A and the rows of B start, in bytes, and how many there are.
type span struct{ a, b, n int }

// Bits of the mode of a tile.
const (
	fromBias = 1 << iota // start from the bias
	fromC                // start from C
	thenRelu             // finish with max(x, 0)
)

// lineBytes is the size of one line of a tile of nv vectors.
func (k *convKernels) lineBytes(nv int) int { return nv * k.lanes * k.elem }

// run calls the tile kernel.
func (k *convKernels) run(nv, rows int, spans []span, a, b, c unsafe.Pointer, aStep, bStep int, bias unsafe.Pointer, mode int) {
	k.tile[nv-1][rows]((*int)(unsafe.Pointer(unsafe.SliceData(spans))), len(spans),
		(*byte)(a), (*byte)(b), (*byte)(c), aStep, bStep, (*byte)(bias), mode)
}

// pack transposes as many rows as a vector has lanes, at the given offsets from src, of cols elements: to cols lines of a
// vector in dst.
func (k *convKernels) pack(src unsafe.Pointer, offsets *[16]int, cols int, dst unsafe.Pointer, line int) {
	k.transpose(1, (*byte)(src), 0, &offsets[0], cols, (*byte)(dst), 0, line, k.lanes)
}

// unpack transposes the first cols lanes of n lines, whose first offsets are given: to cols rows of n elements in dst, step
// bytes apart. One vector of lines past the last one must be readable.
func (k *convKernels) unpack(n int, src unsafe.Pointer, line int, offsets *[16]int, cols int, dst unsafe.Pointer, step int) {
	blocks := n / k.lanes
	done := blocks * k.lanes
	if blocks > 0 {
		k.transpose(blocks, (*byte)(src), k.lanes*line, &offsets[0], cols, (*byte)(dst), k.lanes*k.elem, step, k.lanes)
	}
	if done < n {
		k.transpose(1, (*byte)(unsafe.Add(src, done*line)), 0, &offsets[0], cols,
			(*byte)(unsafe.Add(dst, done*k.elem)), 0, step, n-done)
	}
}

// multiples fills offsets with the multiples of a line's size.
func (k *convKernels) multiples(offsets *[16]int, line int) {
	for i := range k.lanes {
		offsets[i] = i * line
	}
}

// split cuts n rows into tiles whose heights differ by at most one.
func (k *convKernels) split(n int) tiling {
	count := (n + k.rows - 1) / k.rows
	return tiling{count: count, low: n / count, tall: n % count}
}

// tiling is a row of tiles: the first tall ones have low+1 rows, the others low.
type tiling struct{ count, low, tall int }

// at returns the first row of tile i and how many rows it has.
func (t tiling) at(i int) (first, rows int) {
	if i < t.tall {
		return i * (t.low + 1), t.low + 1
	}
	return i*t.low + t.tall, t.low
}

// most is the height of the tallest tile.
func (t tiling) most() int {
	if t.tall > 0 {
		return t.low + 1
	}
	return t.low
}
