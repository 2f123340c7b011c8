package kernel

// ColSum writes the sums of the columns of x (rows × cols) into sum (cols), summed in float64.
func ColSum[T Float](rows, cols int, x, sum []T) {
	if rows == 0 || cols == 0 {
		clear(sum[:cols])
		return
	}
	s := stashOf[T, columnJob[T]](&columnJobs)
	j := s.get()
	j.routine, j.grid, j.x = columnSum, newGrid(rows, cols), x
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

// newGrid takes tiles of 64 rows at least, so that the sums are few beside the elements. The tiles' height depends on cols alone.
func newGrid(rows, cols int) grid {
	g := grid{rows: rows, cols: cols, wide: min(cols, 256)}
	g.high = max(64, partLight/g.wide)
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
	columnNormGradRelu
)

// columnJob sums over the columns of a matrix. first and second hold a row of sums for each row of tiles; run adds them up in
// order into the first one.
type columnJob[T Float] struct {
	grid
	routine             columnRoutine
	x, dy, scale, shift []T
	center              []float64 // by column: what is subtracted from x
	first, second       []float64
	coefficients        []T // scratch of BatchNormGrad
}

var columnJobs stashes[columnJob[float32], columnJob[float64]]

// release puts j back with its buffers.
func (j *columnJob[T]) release(s *stash[columnJob[T]]) {
	j.x, j.dy, j.scale, j.shift = nil, nil, nil, nil
	s.put(j)
}

func (j *columnJob[T]) run() {
	j.first = resize(j.first, j.down*j.cols)
	clear(j.first)
	if j.routine != columnSum {
		j.second = resize(j.second, j.down*j.cols)
		clear(j.second)
	}
	if n := j.down * j.across; j.rows*j.cols >= 2*partLight {
		Parallel(n, j)
	} else {
		for i := range n {
			j.Run(i)
		}
	}
	j.total(j.first)
	if j.routine != columnSum {
		j.total(j.second)
	}
}

func (j *columnJob[T]) total(sums []float64) {
	total := sums[:j.cols]
	for d := 1; d < j.down; d++ {
		for i, v := range sums[d*j.cols : (d+1)*j.cols] {
			total[i] += v
		}
	}
}

// Run does tile i.
func (j *columnJob[T]) Run(i int) {
	row, col, rows, cols := j.tile(i)
	x := j.x[row*j.cols+col:]
	at := row/j.high*j.cols + col
	k := routinesOf[T]()
	first := j.first[at : at+cols]
	if j.routine == columnSum {
		k.colSum(rows, cols, j.cols, x, first)
		return
	}
	second, center := j.second[at:at+cols], j.center[col:col+cols]
	if j.routine == columnNorm {
		k.normSums(rows, cols, j.cols, x, center, first, second)
		return
	}
	dy := j.dy[row*j.cols+col:]
	if j.routine == columnNormGrad {
		k.normGradSums(rows, cols, j.cols, x, dy, nil, nil, center, first, second)
		return
	}
	k.normGradSumsRelu(rows, cols, j.cols, x, dy, j.scale[col:col+cols], j.shift[col:col+cols], center, first, second)
}

func colSumGeneric[T Float](rows, cols, stride int, x []T, sum []float64) {
	sum = sum[:cols]
	for r := range rows {
		for j, v := range x[r*stride : r*stride+cols] {
			sum[j] += float64(v)
		}
	}
}
