// Package winograd holds convolutions by 3 by 3 filters by Winograd's method.
package winograd

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
)

// kernels is what one kernel set offers for Winograd's convolution of float32. Steps are in bytes. A stage is scratch
// memory for cellCount vectors.
type kernels struct {
	fast  bool // whether the method can pay: without vectors the transforms cost more than they save
	lanes int  // elements of a vector
	rows  int  // most rows of a tile

	// For each kind of tile, input transforms 6 by 6 cells to 6 by 6 vectors, B' d B, and grad 4 by 4 cells, A d A',
	// for groups vectors of channels; a narrow tile has a row or column less, and a point less. The rows of cells start
	// at the given offsets from src, and cells outside columns [lo, hi) count as zero. The last vector has tail
	// channels; its other lanes become zero.
	input, grad [kindCount]spread
	// output writes the first rows and cols of the cells max(floor, A' m A + bias). The last vector has tail channels.
	output [kindCount]output
	// stream is output past the caches, for vectors that are lines of the cache, all of them whole. It is empty where
	// there is none. fence comes after the last call of a task.
	stream [kindCount]output
	fence  func()
	// filter transforms 3 by 3 vectors of lanes lanes to 6 by 6 whole ones, G w G', for count vectors below each other.
	filter func(count, lanes int, src *byte, srcRow, tapStep int, dst *byte, dstRow, dstStep int, stage *byte)
	// filterGrad transforms 6 by 6 vectors to 3 by 3 of lanes lanes, G' m G.
	filterGrad func(count, lanes int, src *byte, srcRow, srcStep int, dst *byte, dstRow, tapStep int, stage *byte)
	// tile[v-1][rows] computes C = A B, or adds that to C, where A is rows by k and C rows by v vectors, both stored by
	// rows; a row of B has two vectors, whatever v is.
	tile [2][]tile
	// transpose is that of kernels.
	transpose func(blocks int, src *byte, srcBlock int, offsets *int, cols int, dst *byte, dstBlock, dstStep, lanes int)
}

type (
	spread = func(groups, tail int, src *byte, rows *int, cellStep, lo, hi int, dst *byte, dstStep int, stage *byte)
	output = func(groups, tail int, src *byte, srcStep int, dst *byte, rowStep, cellStep, rows, cols int, bias *byte, floor float32, stage *byte)
	tile   = func(k int, a *byte, aStep int, b, c *byte, cStep, add int)
)

// cellCount is the number of products that a tile of 4 by 4 outputs takes: 6 by 6.
const cellCount = 36

// lineBytes is the size of a row of B.
func (k *kernels) lineBytes() int { return 2 * k.lanes * 4 }

// vectors is the number of vectors that n elements fill, and how many are in the last one.
func (k *kernels) vectors(n int) (count, tail int) {
	count = (n + k.lanes - 1) / k.lanes
	return count, n - (count-1)*k.lanes
}

// rowBytes is the size of a row of n elements in whole vectors. It is an odd number of cache lines, so that the same
// place in many rows doesn't compete for a place in the cache.
func (k *kernels) rowBytes(n int) int {
	count, _ := k.vectors(n)
	return oddLines(4 * count * k.lanes)
}

// oddLines rounds up to an odd number of cache lines.
func oddLines(bytes int) int { return ((bytes+63)/64 | 1) * 64 }

// scratch is what one thread works in.
type scratch struct {
	stage    [(cellCount + 1) * 64]byte
	rows     [6]int
	offsets  [16]int
	products gemm.Accumulator
	// Transformed input, products, transformed filters, filters transposed, and images before a pool.
	v, m, u, turned, images kernel.Buffer
}

var scratches kernel.Stash[scratch]

// aligned is the part of the stage that starts on a cache line.
func (s *scratch) aligned() *byte {
	p := unsafe.Pointer(&s.stage)
	return (*byte)(unsafe.Add(p, -uintptr(p)&63))
}

// vectorBytes is the size of n elements in whole vectors.
func (k *kernels) vectorBytes(n int) int {
	count, _ := k.vectors(n)
	return 4 * count * k.lanes
}
