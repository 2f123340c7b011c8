package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// kernels is the assembly of one kernel set and element type, as the convolutions use it. Strides are in bytes.
type kernels struct {
	elem  int // bytes of an element
	lanes int // elements of a vector
	rows  int // most rows of a tile

	// tile[v-1][rows] adds products to a tile of rows lines of v vectors, contiguous at c:
	//
	//	C[r] = act(start[r] + C[r]
	//	       + sum over the spans and i < span.n of a[span.a + i aStep + r elem] b[span.b + i bStep ...])
	//
	// where start is zero or a bias for each line, and C at the end is left out but where the mode asks for it.
	tile [2][]tileFunc
	// transpose writes dst[c dstStep + r elem] = src[offsets[r] + c elem] for c < cols, r < lanes, in each of blocks
	// blocks. There are as many offsets as a vector has lanes, all of them readable.
	transpose func(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int)
	// gather copies rows rows of count runs each of n elements, at most two vectors.
	gather func(rows, srcRow, dstRow, count int, src *byte, srcStep int, dst *byte, dstStep, n int)
	// poolMax writes the maximum over cells vectors, at the given offsets from src, and the number of the first that
	// has it, as an integer of the elements' size, for n vectors side by side. The first NaN wins.
	poolMax func(n int, src *byte, offsets *int, cells int, dst, cell *byte)
	// joinCells packs such numbers into 16 bits each: elem/2 lines of nv vectors into one, for lines lines of the
	// result.
	joinCells func(lines, nv int, src, dst *byte)
}

// table holds the assembly of each set; nil where a set has none.
var table kernel.Table[*kernels, *kernels]

// inUse returns the assembly of the set in use, nil if it has none.
func inUse[T kernel.Float]() *kernels { return *kernel.Of[T, *kernels](&table) }

// Lanes returns how many elements the vectors of the set in use have, 0 if it has no assembly.
func Lanes[T kernel.Float]() int {
	if k := inUse[T](); k != nil {
		return k.lanes
	}
	return 0
}

// Transposer returns the set's kernels.transpose of float32.
func Transposer(s kernel.Set) func(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int) {
	return table.F32[s].transpose
}

type tileFunc = func(spans *int, n int, a, b, c *byte, aStep, bStep int, bias *byte, mode int)

// span is a run of steps in a tile: where the columns of A and the rows of B start, in bytes, and how many there are.
type span struct{ a, b, n int }

// Bits of the mode of a tile.
const (
	fromBias = 1 << iota // start from the bias
	plusC                // add what C holds to the sum
	thenRelu             // finish with max(x, 0)
)

// lineBytes is the size of one line of a tile of nv vectors.
func (k *kernels) lineBytes(nv int) int { return nv * k.lanes * k.elem }

// passProducts is how many products are summed one after another in a register. The sums of more are added up in C:
// their rounding errors grow with the root of the number of sums, instead of that of all products, which is what a
// blocked matrix product has too.
const passProducts = 320

// run calls the tile kernel, several times where the spans hold more products than one sum should.
func (k *kernels) run(nv, rows int, spans []span, a, b, c unsafe.Pointer, aStep, bStep int, bias unsafe.Pointer, mode int) {
	tile := k.tile[nv-1][rows]
	for {
		n, products := 0, 0
		for n < len(spans) && (n == 0 || products+spans[n].n <= passProducts) {
			products += spans[n].n
			n++
		}
		now := mode
		if n < len(spans) {
			now &^= thenRelu
		}
		tile((*int)(unsafe.Pointer(unsafe.SliceData(spans))), n, (*byte)(a), (*byte)(b), (*byte)(c), aStep, bStep, (*byte)(bias), now)
		if n == len(spans) {
			return
		}
		spans, mode = spans[n:], mode&^fromBias|plusC
	}
}

// appendSpans appends s, cut into spans of equal length as far as that goes and of at most passProducts, for lines of A
// and B that are so many bytes apart.
func appendSpans(spans []span, s span, aStep, bStep int) []span {
	parts := (s.n + passProducts - 1) / passProducts
	for i := range parts {
		from, to := i*s.n/parts, (i+1)*s.n/parts
		spans = append(spans, span{a: s.a + from*aStep, b: s.b + from*bStep, n: to - from})
	}
	return spans
}

// pack transposes as many rows as a vector has lanes, at the given offsets from src, of cols elements: to cols lines of
// a vector in dst.
func (k *kernels) pack(src unsafe.Pointer, offsets *[16]int, cols int, dst unsafe.Pointer, line int) {
	k.transpose(1, (*byte)(src), 0, &offsets[0], cols, (*byte)(dst), 0, line, k.lanes)
}

// unpack transposes the first cols lanes of n lines, whose first offsets are given: to cols rows of n elements in dst,
// step bytes apart. One vector of lines past the last one must be readable.
func (k *kernels) unpack(n int, src unsafe.Pointer, line int, offsets *[16]int, cols int, dst unsafe.Pointer, step int) {
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
func (k *kernels) multiples(offsets *[16]int, line int) {
	for i := range k.lanes {
		offsets[i] = i * line
	}
}

// split cuts n rows into tiles whose heights differ by at most one.
func (k *kernels) split(n int) tiling {
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
