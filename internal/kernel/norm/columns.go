package norm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// ColSum writes the sums of the columns of x (rows × cols) into sum (cols), summed in float64.
func ColSum[T kernel.Float](rows, cols int, x, sum []T) {
	if rows == 0 || cols == 0 {
		clear(sum[:cols])
		return
	}
	s := kernel.StashOf[T, columnJob[T]](&columnJobs)
	j := s.Get()
	j.open(columnSum, rows, cols, x, slopes[T]{})
	j.run()
	for i, v := range j.first[:cols] {
		sum[i] = T(v)
	}
	j.release(s)
}

// grid cuts a matrix of rows × cols into tiles, each with a place of its own for the sums of its columns.
type grid struct {
	rows, cols   int
	high, wide   int // of a tile
	down, across int // tiles
}

// newGrid takes tiles of 64 rows at least, so that the sums are few beside the elements, and of whole groups of so many
// rows where those are more than one. The tiles' height depends on cols and together alone.
func newGrid(rows, cols, together int) grid {
	g := grid{rows: rows, cols: cols, wide: min(cols, 1024)}
	if together > 1 {
		g.wide = cols
	}
	g.high = max(64, threads.PartLight/g.wide)
	g.high = (g.high + together - 1) / together * together
	g.down, g.across = (rows+g.high-1)/g.high, (cols+g.wide-1)/g.wide
	return g
}

// tile is where tile i begins, and its size.
func (g *grid) tile(i int) (row, col, rows, cols int) {
	row, col = i/g.across*g.high, i%g.across*g.wide
	return row, col, min(g.high, g.rows-row), min(g.wide, g.cols-col)
}

// columnRoutine is which of the routines a columnJob runs.
type columnRoutine int

const (
	columnSum columnRoutine = iota
	columnNorm
	columnNormGrad
)

// columnJob sums over the columns of a matrix whose rows are bundled. first and second hold a row of sums for each row
// of tiles; run adds them up in order, down to the channels at their beginning.
type columnJob[T kernel.Float] struct {
	grid
	routine      columnRoutine
	channels     int
	rest         int // elements of the last rows, which make no bundle
	x            []T
	slopes       slopes[T]
	scale, shift []T
	center       []float64 // by column: what is subtracted from x
	first        []float64
	second       []float64
	operands     []T // scratch: scale and shift, or the coefficients of a gradient
}

var columnJobs kernel.Stashes[columnJob[float32], columnJob[float64]]

// open sets j up for a matrix, with room for the centers. g is for the routine columnNormGrad.
func (j *columnJob[T]) open(routine columnRoutine, rows, channels int, x []T, g slopes[T]) {
	n, together := g.bundle(rows, channels)
	j.routine, j.channels, j.x, j.slopes = routine, channels, x, g
	j.grid, j.rest = newGrid(rows/n, n*channels, together), rows%n*channels
	j.center = memory.Resize(j.center, j.cols)
}

// release puts j back with its buffers.
func (j *columnJob[T]) release(s *kernel.Stash[columnJob[T]]) {
	j.x, j.slopes, j.scale, j.shift = nil, slopes[T]{}, nil, nil
	s.Put(j)
}

func (j *columnJob[T]) run() {
	repeat(j.center, j.channels)
	if j.routine == columnNormGrad && j.cols > j.channels {
		j.operands = memory.Resize(j.operands, 2*j.cols)
		j.scale = widened(j.operands[:j.cols], j.scale, j.channels)
		j.shift = widened(j.operands[j.cols:], j.shift, j.channels)
	}
	j.first = memory.Resize(j.first, j.down*j.cols)
	clear(j.first)
	if j.routine != columnSum {
		j.second = memory.Resize(j.second, j.down*j.cols)
		clear(j.second)
	}
	if n := j.down * j.across; j.rows*j.cols >= 2*threads.PartLight {
		threads.Parallel(n, j)
	} else {
		for i := range n {
			j.Run(i)
		}
	}
	if j.rest > 0 {
		j.sum(j.rows*j.cols, 0, 1, j.rest, 0)
	}
	j.total(j.first)
	if j.routine != columnSum {
		j.total(j.second)
	}
}

// widened fills to with the operand by channel.
func widened[T kernel.Float](to, operand []T, channels int) []T {
	copy(to, operand[:channels])
	repeat(to, channels)
	return to
}

// total adds up the sums of the rows of tiles, then those of a bundle.
func (j *columnJob[T]) total(sums []float64) {
	total := sums[:j.cols]
	for d := 1; d < j.down; d++ {
		for i, v := range sums[d*j.cols : (d+1)*j.cols] {
			total[i] += v
		}
	}
	for at := j.channels; at < j.cols; at += j.channels {
		for i, v := range total[at : at+j.channels] {
			total[i] += v
		}
	}
}

// Run does tile i.
func (j *columnJob[T]) Run(i int) {
	row, col, rows, cols := j.tile(i)
	j.sum(row*j.cols+col, col, rows, cols, row/j.high*j.cols+col)
}

// sum adds the columns from col on of rows × cols elements, the first at the place at, to the sums from the place to
// on.
func (j *columnJob[T]) sum(at, col, rows, cols, to int) {
	k := inUse[T]()
	x, first := j.x[at:], j.first[to:to+cols]
	if j.routine == columnSum {
		k.colSum(rows, cols, j.cols, x, first)
		return
	}
	second, center := j.second[to:to+cols], j.center[col:col+cols]
	if j.routine == columnNorm {
		k.sums(rows, cols, j.cols, x, center, first, second)
		return
	}
	j.slopes.addSums(at, rows, cols, j.cols, x, j.scale[col:col+cols], j.shift[col:col+cols], center, first, second)
}

func colSumGeneric[T kernel.Float](rows, cols, stride int, x []T, sum []float64) {
	sum = sum[:cols]
	for r := range rows {
		for j, v := range x[r*stride : r*stride+cols] {
			sum[j] += float64(v)
		}
	}
}
