package gemm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// partsOfK returns into how many parts k is divided. C must be too small to give many threads work, and the
// parts long enough to pay for the sums.
func (p *product[T]) partsOfK() int {
	const (
		tasks    = 16 // wanted
		shortest = 1024
	)
	tiles := ((p.m + 13) / 14) * ((p.n + 31) / 32)
	if tiles > tasks/2 || p.k < 4*shortest {
		return 1
	}
	return min((tasks+tiles-1)/tiles, p.k/shortest)
}

// taskWork is the number of multiplications of float32 that take about 1.5 us in each kernel set. Less isn't worth
// another thread.
var taskWork = [kernel.Sets]int{kernel.Generic: 10 << 10, kernel.SSE2: 10 << 10, kernel.AVX2: 96 << 10, kernel.AVX512: 192 << 10}

// tasksWorth returns into how many tasks to cut the product. Where a matrix is touched only a few times per element,
// memory sets the pace. Long tasks are cut again, so that the others take over from a thread that is late.
func (p *product[T]) tasksWorth() int {
	const (
		touches = 8
		long    = 64 // times taskWork
		most    = 4  // tasks for a thread
	)
	workers := threads.Count()
	work := max(p.m, touches) * max(p.n, touches) * max(p.k, touches) / (taskWork[kernel.Active()] * 4 / kernel.SizeOf[T]())
	if workers < 2 || work < 2 {
		return 1
	}
	return min(work, workers*max(1, min(work/(workers*long), most)))
}

// units returns the numbers of rows and columns that tasks don't divide, so that their tiles are full.
func (p *product[T]) units() (rows, cols int) {
	switch p.way {
	case byDots:
		return p.kernels.dotRows, p.kernels.cols
	case byTurned:
		return p.kernels.cols, p.kernels.cols
	case byLibrary:
		return libraryBlock / 4, libraryBlock
	}
	return 1, p.kernels.cols
}

// tasks returns into how many parts rows and columns of C are divided. Each task packs what it needs of
// both factors, so a division of the rows packs the right factor more often, and one of the columns the left.
func (p *product[T]) tasks() (rows, cols int) {
	count := p.tasksWorth()
	if count <= 1 || p.grid[2] >= count {
		return 1, 1
	}
	rowUnit, colUnit := p.units()
	rowUnits, colUnits := (p.m+rowUnit-1)/rowUnit, (p.n+colUnit-1)/colUnit
	best := 0
	for r := 1; r <= min(count, rowUnits); r++ {
		c := min((count+r-1)/r, colUnits)
		m := min((rowUnits+r-1)/r*rowUnit, p.m)
		n := min((colUnits+c-1)/c*colUnit, p.n)
		left := packCost(p.left.steps, p.left.inPlace || p.way != byTiles)
		right := packCost(p.right.steps, p.readsRightInPlace(m) || p.way != byTiles)
		if cost := 100*m*n + m*left + n*right; rows == 0 || cost < best {
			rows, cols, best = r, c, cost
		}
	}
	return rows, cols
}

// packCost returns the time to read and pack an element in hundredths of the time of a multiplication.
func packCost(steps, inPlace bool) int {
	switch {
	case inPlace:
		return 50
	case steps:
		return 200
	}
	return 600
}
