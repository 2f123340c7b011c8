package gemm

import (
	"math"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// tile is the argument of a micro-kernel, which computes a tile of a product:
//
//	C = act(alpha A B + beta C + bias)
//
// A is rows x k, stored by k-steps: element (i, p) is at a + p aStep + i. B is k x n, stored by rows: element
// (p, j) is at b + p bStep + j. For the kernels of dot products, (i, p) is at a + i aStep + p, and (p, j) at
// b + j bStep + p. C is stored by rows at distance cStep. Steps are in bytes. The generator in _asm/gemm repeats
// the layout of this struct.
type tile struct {
	a, b, c, bias       unsafe.Pointer
	aStep, bStep, cStep int
	k                   int
	rows                int // for kernels in Go: the ones in assembly are made for one number of rows
	last                int // columns in the last vector, 1 to the number of lanes
	flags               int
	alpha, beta         uint64 // bits of an element
}

// Bits of tile.flags.
const (
	tileAdd   = 1 << iota // add beta C; without it C is not read
	tileScale             // multiply by alpha
	tileBias              // add bias
	tileReLU              // max(., 0)
)

// tileTable lists micro-kernels by rows and by vectors of columns, those of dot products by rows and columns.
// Widths that have no kernel are nil.
type tileTable [15][9]func(*tile)

// kernels is what one kernel set and element type offers for products.
//
// Packed panels are the interface between packing and micro-kernels. A panel of the left factor holds up to
// rows rows by k-steps, aStep elements apart: element (i, p) is at panel[p*aStep+i]. A panel of the right factor
// holds up to cols columns by k-steps, cols elements apart: element (p, j) is at panel[p*cols+j]. What lies
// between the elements of a narrow panel is undefined, but must be there to read.
type kernels[T kernel.Float] struct {
	rows, cols int       // of the largest tile: the size of panels
	lanes      int       // elements of a vector
	aStep      int       // elements from one k-step of a left panel to the next
	tiles      tileTable // at least [1..rows][1..cols/lanes]
	masked     bool      // tiles read only `last` columns of the last vector of the right factor
	dots       tileTable // [1..dotRows][1..4]; nil where the set has none
	dotRows    int

	// Products go by dot products up to so many rows, or columns: beyond, packing pays.
	dotRowsMost, dotColsMost int

	// packCols copies k rows of n elements, n at most the larger of rows and cols: dst[q,r] = src[q,r].
	// packRows transposes n rows, n at most lanes, of k elements: dst[q,r] = src[r,q].
	// Both may write dst up to the next multiple of lanes after n; turnRows is packRows that doesn't.
	// Steps are distances of rows in bytes.
	packCols, packRows, turnRows func(k int, src *T, srcStep, n int, dst *T, dstStep int)

	library library[T] // computes blocks instead, if it is set
}

// table holds the kernels of each set.
var table = kernel.NewTable(newGenericKernels[float32](), newGenericKernels[float64]())

// inUse returns the kernels in use.
func inUse[T kernel.Float]() *kernels[T] { return *kernel.Of[T, *kernels[T]](&table) }

// bitsOf returns the bits of x as tile.alpha and tile.beta hold them.
func bitsOf[T kernel.Float](x T) uint64 {
	if kernel.Is32[T]() {
		return uint64(math.Float32bits(float32(x)))
	}
	return math.Float64bits(float64(x))
}

// fromBits is the inverse of bitsOf.
func fromBits[T kernel.Float](b uint64) T {
	if kernel.Is32[T]() {
		return T(math.Float32frombits(uint32(b)))
	}
	return T(math.Float64frombits(b))
}

// address returns a pointer to x[i].
func address[T kernel.Float](x []T, i int) unsafe.Pointer { return unsafe.Pointer(&x[i]) }

// vectorsOf returns the number of vectors of the widest kernel for so many rows that is not wider than n
// columns need, and how many columns it computes.
func (g *kernels[T]) vectorsOf(rows, n int) (vecs, cols int) {
	vecs = min((n+g.lanes-1)/g.lanes, len(g.tiles[rows])-1)
	for g.tiles[rows][vecs] == nil {
		vecs--
	}
	return vecs, min(n, vecs*g.lanes)
}
